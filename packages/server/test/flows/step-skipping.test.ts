/** Attacks on the order of a sign-in: forms out of turn, replayed, forged, from other browsers and of other attempts. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { contractRoutes } from '../../src/app.ts';
import { json, type Statement, sql } from '../../src/core/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { type Answer, goodPassword, onEachEngine, TestBrowser, type TestServer } from '../harness.ts';
import { afterPassword, appOnPage, makeProtected } from './mfa-steps.ts';
import { makeInvitation, makeMemberOf, makeOrganization } from './organization-steps.ts';
import { givePasskey } from './passkey-steps.ts';
import { makeUser, signedInBrowser, signIn, waysIn } from './steps.ts';

const shared = 'https://app-gitethanwoos-projects.vercel.app/callback';
/** Every form of an attempt there is, so that a page made tomorrow is attacked tomorrow. */
const paths = contractRoutes
  .filter(
    ({ method, form, query }) => method === 'POST' && form && query instanceof z.ZodObject && 'attempt' in query.shape,
  )
  .map(({ path }) => path);

/** Those of a page that belong to none: of the account, of a device, of links in mails. */
const otherPaths = contractRoutes
  .filter(
    ({ method, form, page, path }) =>
      method === 'POST' && form && page && !path.startsWith('/dev/') && !paths.includes(path),
  )
  .map(({ path }) => path);

const sources = (() => {
  const folder = join(import.meta.dirname, '../../src/sign-in');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
})();
const found = (pattern: RegExp): string[][] => [...sources.matchAll(pattern)].map(([, ...groups]) => groups);

/** Every step that a form names, as the routes and the pages spell them. */
const steps = [...new Set([...found(/\bstep: '(\w+)'/g), ...found(/formOf\(\s*\w+,[^,)]+,\s*'(\w+)'/g)].flat())];
/** A form's own, where it stands beside its path. */
const ownStep = new Map(
  found(/\bpath: '([^']+)',(?:(?!\bpath: |=>)[\s\S])*?\bstep: '(\w+)'/g).map(([path = '', step = '']) => [path, step]),
);
/** What a form is sent as: its own step or, where that is not known, each there is; and some that no form names. */
const stepsOf = (path: string): string[] => {
  const own = ownStep.get(path);
  return [...(own === undefined ? steps : [own]), 'complete', 'join', ''];
};

onEachEngine('nobody skips a step', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
    const uri = 'https://*-gitethanwoos-projects.vercel.app/callback';
    await server.api('POST', '/user_management/redirect_uris', { uri });
  });
  after(() => server[Symbol.asyncDispose]());

  let people = 0;
  const newAddress = (): string => `new-${++people}@example.com`;
  const attemptOf = (browser: TestBrowser): string => /attempt=(attempt_\w+)/.exec(browser.path)?.[1] ?? '';

  /** Stays where our own pages end, and never at an app. */
  const gotNothing = (answer: Answer, what: string) => {
    assert.equal(answer.location, null, what);
    assert.ok(![...answer.headers.getSetCookie()].some((cookie) => cookie.startsWith('authkit-session-')), what);
  };

  const ask = async (organizationId: string, change: Statement): Promise<void> => {
    await server.running.services.db.run(sql`update organizations set ${change} where id = ${organizationId}`);
  };

  describe('by the order of the forms', () => {
    /** Where an honest browser stands when the forms begin to arrive in the wrong order. */
    const places: Record<string, () => Promise<TestBrowser>> = {
      'at the beginning': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        return browser;
      },
      'with an address that has an account': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ email: (await makeUser(server)).email });
        return browser;
      },
      'with a code on its way': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ email: (await makeUser(server)).email });
        await browser.submit({}, '/sign-in/code/send');
        return browser;
      },
      'with a new account, before the code': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
        await browser.submit({ email: newAddress(), password: goodPassword });
        return browser;
      },
      'with somebody else’s account, before the code': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
        await browser.submit({ email: (await makeUser(server)).email, password: goodPassword });
        return browser;
      },
      'with the password of an account nobody proved, before the code': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ email: (await makeUser(server, { email_verified: false })).email });
        await browser.submit({ password: goodPassword });
        return browser;
      },
      'with a code on its way that would sign in': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ email: (await makeUser(server)).email }, '/sign-in?');
        await browser.submit({}, '/sign-in/code/send');
        return browser;
      },
      'before the choice of an organization': async () => {
        const { user } = await makeMemberOf(server, ['Acme', 'Globex']);
        return afterPassword(server, user.email);
      },
      'in an organization that asks for two factors': async () => {
        const { user, organizations } = await makeMemberOf(server, ['Strict']);
        await ask(organizations[0].id, sql`mfa = 'required'`);
        return afterPassword(server, user.email);
      },
      'in an organization that takes no password': async () => {
        const { user, organizations } = await makeMemberOf(server, ['Keys only']);
        await ask(organizations[0].id, sql`sign_in_methods_json = ${json(['Passkey'])}`);
        return afterPassword(server, user.email);
      },
      'for an organization of others': async () => {
        const { organizations } = await makeMemberOf(server, ['Theirs']);
        const { email } = await makeUser(server);
        return afterPassword(server, email, { authorize: { organization_id: organizations[0].id } });
      },
      'with a provider’s account that has no address': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ provider: 'GitHubOAuth' }, '/sign-in/social');
        await browser.submit({ persona: 'no_email', email: newAddress() });
        assert.match(browser.path, /^\/sign-in\/email\?/);
        return browser;
      },
      'before the passkey that is asked for beside the password': async () => {
        const { user, organizations } = await makeMemberOf(server, ['Two factors']);
        await ask(organizations[0].id, sql`mfa = 'required'`);
        await givePasskey(server, user.id, new SoftAuthenticator(server.url));
        const browser = await afterPassword(server, user.email);
        assert.match(browser.path, /^\/mfa\/passkey\?/);
        return browser;
      },
      'before the second step': async () => afterPassword(server, (await makeProtected(server)).email),
    };

    it('knows the forms and steps that there are', () => {
      for (const path of [
        '/sign-in/password',
        '/sign-in/code',
        '/mfa',
        '/organization',
        '/passkey',
        '/sign-up',
        '/waitlist',
      ])
        assert.ok(paths.includes(path), path);
      for (const step of [
        'password',
        'magic_code',
        'mfa',
        'organization',
        'passkey',
        'sign_up',
        'verify_email',
        'social',
      ])
        assert.ok(steps.includes(step), step);
      assert.ok(ownStep.size > 10, 'hardly any form is known by its own step');
    });

    /** Values as the forms take them, each of them right: for somebody else, in a sign-in of their own. */
    const rightForOthers = async (): Promise<Record<string, string>> => {
      const password = 'the phrase of quite another person';
      const { email } = await makeUser(server, { password });
      const others = server.browser();
      await others.open(server.authorizeUrl());
      await others.submit({ email }, '/sign-in?');
      await others.submit({}, '/sign-in/code/send');
      const { organizations } = await makeMemberOf(server, ['Of others']);
      return {
        password,
        code: await server.codeFor(email),
        recovery_code: 'abcde-fghij',
        organization_id: organizations[0].id,
        organization: organizations[0].id,
        first_name: 'Mallory',
        last_name: 'M',
        email: '',
        provider: 'GoogleOAuth',
        credential: '{}',
        passkeys: '1',
        answer: 'later',
      };
    };

    for (const [place, goThere] of Object.entries(places)) {
      it(place, async () => {
        const values = await rightForOthers();
        const before = await waysIn(server);
        const browser = await goThere();
        const attempt = attemptOf(browser);
        const { csrf = '' } = browser.form().hidden;
        for (const path of paths) {
          for (const step of stepsOf(path)) {
            const answer = await browser.post(`${path}?attempt=${attempt}`, { ...values, csrf, step });
            gotNothing(answer, `${path} as ${step}`);
          }
          await browser.open(
            `${path.replace(/\/(resend|options|answer)$/, '')}?attempt=${attempt}&code=000000&password=x`,
          );
        }
        assert.deepEqual(await waysIn(server), before);
      });
    }

    it('before the click on shared ground', async () => {
      const { email } = await makeUser(server);
      const before = await waysIn(server);
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ redirect_uri: shared }));
      await browser.submit({ email });
      await browser.submit({ password: goodPassword });
      const { csrf = '' } = browser.form('/sign-in/confirm').hidden;
      for (const step of [...steps, 'complete', ''].filter((each) => each !== 'confirm_redirect')) {
        gotNothing(await browser.post(`/sign-in/confirm?attempt=${attemptOf(browser)}`, { csrf, step }), step);
      }
      assert.deepEqual(await waysIn(server), before);
    });
  });

  describe('by a form that is not its own', () => {
    /** The last form of each way in, filled in correctly: only what carries it is wrong. */
    const lastForms: Record<
      string,
      () => Promise<{ browser: TestBrowser; fields: Record<string, string>; at: string }>
    > = {
      'the password': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ email: (await makeUser(server)).email });
        return { browser, fields: { password: goodPassword }, at: '/sign-in/password' };
      },
      'the code': async () => {
        const email = newAddress();
        const browser = server.browser();
        await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
        await browser.submit({ email, password: goodPassword });
        return { browser, fields: { code: await server.codeFor(email) }, at: '/verify-email?' };
      },
      'the code of an app': async () => {
        const { email, app } = await makeProtected(server);
        return { browser: await afterPassword(server, email), fields: { code: app.code() }, at: '/mfa?' };
      },
      'the code that signs in': async () => {
        const { email } = await makeUser(server);
        const browser = server.browser();
        await browser.open(server.authorizeUrl());
        await browser.submit({ email });
        await browser.submit({}, '/sign-in/code/send');
        return { browser, fields: { code: await server.codeFor(email) }, at: '/sign-in/code?' };
      },
      'the choice of an organization': async () => {
        const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
        const browser = await afterPassword(server, user.email);
        return { browser, fields: { organization_id: organizations[0].id }, at: '/organization?' };
      },
      'the recovery codes of a new app': async () => {
        const { user, organizations } = await makeMemberOf(server, ['Strict']);
        await ask(organizations[0].id, sql`mfa = 'required'`);
        const browser = await afterPassword(server, user.email);
        await browser.submit({ code: appOnPage(server, browser).code() }, '/mfa/enroll');
        return { browser, fields: {}, at: '/mfa/recovery-codes' };
      },
      'an invitation to somebody who is signed in': async () => {
        const { browser, email } = await signedInBrowser(server);
        const { token } = await makeInvitation(server, email, {
          organization_id: (await makeOrganization(server, 'New')).id,
        });
        await browser.open(server.authorizeUrl({ invitation_token: token }));
        return { browser, fields: { choice: 'accept' }, at: '/invitation?' };
      },
      'the click': async () => {
        const browser = server.browser();
        await browser.open(server.authorizeUrl({ redirect_uri: shared }));
        await browser.submit({ email: (await makeUser(server)).email });
        await browser.submit({ password: goodPassword });
        return { browser, fields: {}, at: '/sign-in/confirm' };
      },
    };

    for (const [name, reach] of Object.entries(lastForms)) {
      it(name, async () => {
        const { browser, fields, at } = await reach();
        const { action, hidden } = browser.form(at);
        const honest = { ...hidden, ...fields };
        const before = await waysIn(server);

        const stranger = server.browser();
        await stranger.open(server.authorizeUrl());
        const strangers = stranger.form().hidden;
        const cookieName = [...browser.cookies.keys()].find((each) => each.startsWith('authkit-attempt-')) ?? '';
        const [strangerCookie = ''] = [...stranger.cookies.values()];
        const holding = (value: string) => {
          const other = new TestBrowser(server.url);
          other.cookies.set(cookieName, value);
          return other;
        };
        const cookie = browser.cookies.get(cookieName) ?? '';

        const refusals: readonly (readonly [string, Promise<Answer>, number])[] = [
          ['without a token', browser.clone().post(action, { ...honest, csrf: '' }), 403],
          ['with another token', browser.clone().post(action, { ...honest, csrf: `${honest.csrf}0` }), 403],
          ['with a stranger’s token', browser.clone().post(action, { ...honest, csrf: strangers.csrf ?? '' }), 403],
          ['without the cookie', server.browser().post(action, honest), 400],
          ['with a stranger’s cookies', stranger.clone().post(action, honest), 400],
          ['with a stranger’s secret', holding(strangerCookie).post(action, honest), 400],
          ['with a shorter secret', holding(cookie.slice(1)).post(action, honest), 400],
          ['with a longer secret', holding(`${cookie}0`).post(action, honest), 400],
          ['from another origin', browser.clone().post(action, honest, { origin: 'https://evil.example' }), 403],
          ['from a sandbox', browser.clone().post(action, honest, { origin: 'null' }), 403],
          ['from another site', browser.clone().post(action, honest, { 'sec-fetch-site': 'cross-site' }), 403],
          ['from another port', browser.clone().post(action, honest, { 'sec-fetch-site': 'same-site' }), 403],
          ['of no site', browser.clone().post(action, honest, { 'sec-fetch-site': 'none' }), 403],
        ];
        for (const [what, sent, status] of refusals) {
          const answer = await sent;
          gotNothing(answer, what);
          assert.equal(answer.status, status, what);
        }
        const otherAttempt = action.replace(/attempt_\w+/, attemptOf(stranger));
        gotNothing(await browser.clone().post(otherAttempt, honest), 'for another attempt');
        gotNothing(
          await stranger.clone().post(otherAttempt, { ...honest, csrf: strangers.csrf ?? '' }),
          'in another attempt',
        );
        assert.deepEqual(await waysIn(server), before);

        const done = await browser.post(action, honest);
        assert.ok(done.location?.searchParams.get('code'), 'the honest form was refused too');
      });
    }

    it('a form twice in a row leads to the same place, and after a minute to none', async () => {
      const { email } = await makeUser(server);
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ state: 's' }));
      await browser.submit({ email });
      const { action, hidden } = browser.form('/sign-in/password');
      const fields = { ...hidden, password: goodPassword };
      const first = await browser.post(action, fields);
      const ways = await waysIn(server);
      const second = await browser.post(action, fields);
      assert.equal(second.location?.href, first.location?.href);
      // Neither another form of the attempt nor a stranger gets it.
      gotNothing(await server.browser().post(action, fields), 'from another browser');
      gotNothing(await browser.post(action, { ...fields, csrf: '' }), 'without a token');
      server.clock.advance(61);
      const late = await browser.post(action, fields);
      assert.equal(late.status, 400);
      gotNothing(late, 'after a minute');
      assert.deepEqual(await waysIn(server), ways);
    });

    it('of two last forms at once both lead to the app, with one code', async () => {
      const { email } = await makeUser(server);
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      await browser.submit({ email });
      const { action, hidden } = browser.form('/sign-in/password');
      const before = await waysIn(server);
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => browser.clone().post(action, { ...hidden, password: goodPassword })),
      );
      const places = new Set(answers.map(({ location, status }) => location?.href ?? `a page, ${status}`));
      assert.equal(places.size, 1, [...places].join('\n'));
      assert.match([...places][0] ?? '', /code=/);
      assert.equal((await waysIn(server)).codes, before.codes + 1);
    });
  });

  describe('by a form that is of no sign-in', () => {
    it('changes nothing of anybody without the cookies and the token of one browser', async () => {
      for (const path of ['/account/password', '/account/passkeys/add', '/device/confirm', '/invite', '/account/email'])
        assert.ok(otherPaths.includes(path), path);
      const person = await makeProtected(server);
      const signedIn = async (email: string, code?: string) => {
        const browser = server.browser();
        await browser.open('/account');
        await browser.submit({ email }, '/sign-in?');
        await browser.submit({ password: goodPassword }, '/sign-in/password');
        if (code !== undefined) await browser.submit({ code }, '/mfa?');
        return { browser, csrf: browser.form('/account/sign-out').hidden.csrf ?? assert.fail() };
      };
      const victim = await signedIn(person.email, person.app.code());
      const thief = await signedIn((await makeUser(server)).email);
      const state = async () => {
        const of = `/user_management/users/${person.id}`;
        const [user, factors, sessions] = [
          await server.api('GET', of),
          await server.api('GET', `${of}/auth_factors`),
          await server.api('GET', `${of}/sessions`),
        ];
        return [user.json, factors.json.data, sessions.json.data, await waysIn(server)];
      };
      const values = {
        step: 'account',
        email: 'thief@example.com',
        password: 'another long phrase of a thief',
        code: '000000',
        first_name: 'Mallory',
        name: 'Mallory',
        credential: '{}',
        answer: 'approved',
        device: 'all',
      };
      const before = await state();
      for (const path of otherPaths) {
        const at = `${path}?client_id=${server.clientId}`;
        const sent: readonly (readonly [string, Promise<Answer>])[] = [
          ['without a cookie', server.browser().post(at, { ...values, csrf: victim.csrf })],
          ['with another’s cookies', thief.browser.clone().post(at, { ...values, csrf: victim.csrf })],
          ['with another’s token', victim.browser.clone().post(at, { ...values, csrf: thief.csrf })],
          ['without a token', victim.browser.clone().post(at, { ...values, csrf: '' })],
          [
            'from another site',
            victim.browser.clone().post(at, { ...values, csrf: victim.csrf }, { 'sec-fetch-site': 'cross-site' }),
          ],
          [
            'from another origin',
            victim.browser.clone().post(at, { ...values, csrf: victim.csrf }, { origin: 'https://evil.example' }),
          ],
        ];
        for (const [what, answer] of sent) gotNothing(await answer, `${path} ${what}`);
      }
      assert.deepEqual(await state(), before);
      await victim.browser.post(`/account/profile?client_id=${server.clientId}`, { ...values, csrf: victim.csrf });
      assert.notDeepEqual(await state(), before, 'the honest form was refused too');
    });
  });

  it('nobody completes a sign-in with a password that was taken back meanwhile', async () => {
    const { email, id } = await makeUser(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ redirect_uri: shared }));
    await browser.submit({ email });
    await browser.submit({ password: goodPassword });
    const changed = await server.api('PUT', `/user_management/users/${id}`, { password: 'quite another long phrase' });
    assert.equal(changed.status, 200);
    gotNothing(await browser.submit({}, '/sign-in/confirm'), 'with the old password');
  });

  it('a code dies with the sign-in it came from', async () => {
    const { email, id } = await makeUser(server);
    const exchange = (code: string) => server.token({ grant_type: 'authorization_code', code });

    const { code: beforeChange } = await signIn(server, email);
    await server.api('PUT', `/user_management/users/${id}`, { password: 'quite another long phrase' });
    assert.equal((await exchange(beforeChange)).json.error, 'invalid_grant', 'after another password');

    const other = await makeUser(server);
    const { browser, code } = await signIn(server, other.email);
    const { claims } = await exchange(code).then(({ json }) => ({
      claims: JSON.parse(Buffer.from(json.access_token.split('.')[1], 'base64url').toString()),
    }));
    const pending = (await browser.open(server.authorizeUrl())).location?.searchParams.get('code') ?? '';
    await server.api('POST', '/user_management/sessions/revoke', { session_id: claims.sid });
    assert.equal((await exchange(pending)).json.error, 'invalid_grant', 'after the session was revoked');
  });
});
