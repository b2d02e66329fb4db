/** The second step at the hosted pages, and everything that tries to do without it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { assertMayTry } from '../../src/lockout/index.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { type Answer, claimsOf, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { afterPassword, appOnPage, enrollAtApi, makeProtected, recoveryCodesOn } from './mfa-steps.ts';
import { makeMember, makeOrganization } from './organization-steps.ts';
import {
  asOperator,
  becomeOwner,
  byCode,
  byRefresh,
  changeSettings,
  codeOf,
  eventsNamed,
  makeUser,
  signIn,
  waysIn,
} from './steps.ts';

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

onEachEngine('the second step', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  /** Other mails, of a new device for one, may have gone out meanwhile. */
  const mailAbout = async (email: string, subject: RegExp): Promise<string> => {
    const mails = await server.mails(email);
    return mails.find((mail) => subject.test(mail.subject))?.text ?? assert.fail(`no mail ${subject}`);
  };

  describe('of somebody with an authenticator app', () => {
    it('comes after the password and leads to the app', async () => {
      const { id, email, app } = await makeProtected(server);
      const browser = await afterPassword(server, email);
      assert.match(browser.path, /^\/mfa\?attempt=/);
      const code = codeOf(await browser.submit({ code: app.code() }));
      const { json } = await server.token(byCode(code));
      assert.equal(claimsOf(json.access_token).sub, id);
      assert.equal(json.authentication_method, 'Password');
      const [event] = (await eventsNamed(server, 'authentication.mfa_succeeded')).filter((data) => data.ip_address);
      assert.deepEqual(event, {
        type: 'mfa',
        status: 'succeeded',
        ip_address: '127.0.0.1',
        user_agent: event?.user_agent,
        user_id: id,
        email,
      });
    });

    it('takes codes as people type them, and says what is wrong with others', async () => {
      const { email, app } = await makeProtected(server);
      const browser = await afterPassword(server, email);
      for (const code of ['', '12345', '1234567', 'abcdef']) {
        const answer = await browser.submit({ code });
        assert.equal(answer.status, 422);
        assert.match(answer.text, /Enter the six digits that your app shows/);
      }
      const wrong = await browser.submit({ code: app.wrong() });
      assert.deepEqual([wrong.status, wrong.location], [422, null]);
      assert.match(wrong.text, /That code is not right/);
      const code = app.code();
      codeOf(await browser.submit({ code: `${code.slice(0, 3)} ${code.slice(3)}` }));
    });

    it('takes each code once: the second browser waits for the next one', async () => {
      const { email, app } = await makeProtected(server);
      const [first, second] = [await afterPassword(server, email), await afterPassword(server, email)];
      codeOf(await first.submit({ code: app.code() }));
      const replayed = await second.submit({ code: app.code() });
      assert.equal(replayed.status, 422);
      assert.match(replayed.text, /That code was used already/);
      server.clock.advance(30);
      codeOf(await second.submit({ code: app.code() }));
    });

    it('gives one of ten parallel sign-ins with one code the success', async () => {
      const { email, app } = await makeProtected(server);
      const browsers = [];
      for (let i = 0; i < 9; i++) browsers.push(await afterPassword(server, email));
      const before = await waysIn(server);
      const answers = await Promise.all(browsers.map((browser) => browser.submit({ code: app.code() })));
      assert.equal(answers.filter(({ location }) => location?.searchParams.has('code')).length, 1);
      const now = await waysIn(server);
      assert.deepEqual([now.codes - before.codes, now.browsers - before.browsers], [1, 1]);
    });

    it('leads a form that was sent twice where the first one led', async () => {
      const { email, app } = await makeProtected(server);
      const browser = await afterPassword(server, email);
      const { action, hidden } = browser.form('/mfa?');
      const send = () => browser.clone().post(action, { ...hidden, code: app.code() });
      const answers = await times(5, send);
      const codes = new Set(answers.map(codeOf));
      assert.equal(codes.size, 1);
    });

    it('is not asked where the environment switched it off', async () => {
      const { email } = await makeProtected(server);
      await changeSettings(server, { mfa: 'off' });
      const { done } = await signIn(server, email);
      await changeSettings(server, { mfa: 'optional' });
      assert.ok(done.location?.searchParams.has('code'));
    });
  });

  describe('without the device', () => {
    const withCodes = async () => {
      await changeSettings(server, { mfa: 'required' });
      const { email, id } = await makeUser(server);
      const browser = await afterPassword(server, email);
      const app = appOnPage(server, browser);
      await browser.submit({ code: app.code() });
      const codes = recoveryCodesOn(browser);
      codeOf(await browser.submit({}, '/mfa/recovery-codes'));
      await changeSettings(server, { mfa: 'optional' });
      server.clock.advance(60);
      return { email, id, app, codes };
    };

    it('goes on with a recovery code, each of which works once', async () => {
      const { email, codes } = await withCodes();
      const browser = await afterPassword(server, email);
      const link = /href="(\/mfa\/recovery\?[^"]+)"/.exec(browser.text)?.[1] ?? '';
      await browser.open(link.replaceAll('&amp;', '&'));
      const wrong = await browser.submit({ recovery_code: 'aaaaa-aaaaa' });
      assert.equal(wrong.status, 422);
      assert.equal((await browser.submit({ recovery_code: ' ' })).status, 422);
      const [first = ''] = codes;
      codeOf(await browser.submit({ recovery_code: first.toUpperCase() }));
      assert.match(await mailAbout(email, /^A recovery code was used/), /9 codes are left/);

      const again = await afterPassword(server, email);
      await again.open(again.path.replace('/mfa?', '/mfa/recovery?'));
      assert.equal((await again.submit({ recovery_code: first })).status, 422);
    });

    it('explains what to do, with a way back', async () => {
      const { email, app } = await withCodes();
      const browser = await afterPassword(server, email);
      await browser.open(browser.path.replace('/mfa?', '/mfa/lost?'));
      assert.match(browser.text, /Lost your device\?.*ten recovery codes.*two-step verification/s);
      await browser.open(browser.path.replace('/mfa/lost?', '/mfa?'));
      codeOf(await browser.submit({ code: app.code() }));
    });

    it('is given new codes with the last one', async () => {
      const { email, codes } = await withCodes();
      for (const [index, recovery_code] of codes.entries()) {
        const browser = await afterPassword(server, email);
        await browser.open(browser.path.replace('/mfa?', '/mfa/recovery?'));
        const answer = await browser.submit({ recovery_code });
        if (index < 9) codeOf(answer);
        else {
          const fresh = recoveryCodesOn(browser);
          assert.equal(fresh.length, 10);
          assert.equal(fresh.filter((code) => codes.includes(code)).length, 0);
          assert.match(browser.text, /You have used the last of your recovery codes/);
          codeOf(await browser.submit({}, '/mfa/recovery-codes'));
        }
        server.clock.advance(60);
      }
    });

    it('begins anew after an operator reset it, in sign-ins that were waiting too', async () => {
      await using own = await start();
      const { id, email } = await makeProtected(own);
      const owner = await becomeOwner(own);
      const waiting = await afterPassword(own, email);
      await asOperator(own, owner, 'POST', `/dashboard/api/users/${id}/auth_factors/reset`);
      const answer = await waiting.open(waiting.path);
      assert.ok(!answer.text.includes('/mfa?'), 'the page is not due any more');
      await changeSettings(own, { mfa: 'required' });
      const browser = await afterPassword(own, email);
      assert.match(browser.path, /^\/mfa\/enroll\?/);
    });
  });

  describe('where it is required', () => {
    before(() => changeSettings(server, { mfa: 'required' }));
    after(() => changeSettings(server, { mfa: 'optional' }));

    it('is set up before the first session, and asked from then on', async () => {
      const { email, id } = await makeUser(server);
      const before = await waysIn(server);
      const browser = await afterPassword(server, email);
      assert.match(browser.path, /^\/mfa\/enroll\?/);
      const page = browser.text;
      assert.match(
        page,
        /<svg[^>]* class="qr"[^>]* role="img" aria-label="Picture to scan with the authenticator app"/,
      );
      assert.doesNotMatch(page, /skip|not now/i);
      const app = appOnPage(server, browser);
      await browser.open(browser.path);
      assert.equal(appOnPage(server, browser).code(), app.code(), 'opened again it shows the same');
      assert.equal((await browser.submit({ code: app.wrong() })).status, 422);
      assert.equal(appOnPage(server, browser).code(), app.code(), 'and after a wrong code');
      await browser.submit({ code: app.code() });
      assert.match(browser.path, /^\/mfa\/recovery-codes\?/);
      const codes = recoveryCodesOn(browser);
      assert.equal(codes.length, 10);
      await browser.open(browser.path);
      assert.deepEqual(recoveryCodesOn(browser), codes);
      assert.deepEqual(await waysIn(server), before, 'nothing is given before they are saved');
      const saved = browser.path;
      codeOf(await browser.submit({}, '/mfa/recovery-codes'));
      await browser.open(saved);
      assert.deepEqual(recoveryCodesOn(browser), [], 'shown once');
      const { json } = await server.api('GET', `/user_management/users/${id}/auth_factors`);
      assert.equal(json.data.length, 1);
      await mailAbout(email, /^An authenticator app was added/);

      server.clock.advance(60);
      const next = await afterPassword(server, email);
      assert.match(next.path, /^\/mfa\?/);
      codeOf(await next.submit({ code: app.code() }));
    });

    it('is set up within a sign-up too', async () => {
      const browser = server.browser();
      const email = 'new-here@example.com';
      await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
      await browser.submit({ email, password: 'a perfectly fine passphrase' });
      await browser.submit({ code: await server.codeFor(email) });
      assert.match(browser.path, /^\/mfa\/enroll\?/);
      await browser.submit({ code: appOnPage(server, browser).code() });
      codeOf(await browser.submit({}, '/mfa/recovery-codes'));
    });

    it('proposes another key to another sign-in, and each makes its own factor or none', async () => {
      const { email } = await makeUser(server);
      const [first, second] = [await afterPassword(server, email), await afterPassword(server, email)];
      const [one, two] = [appOnPage(server, first), appOnPage(server, second)];
      assert.notEqual(one.code(), two.code());
      assert.equal((await second.submit({ code: one.code() })).status, 422, 'the key of another sign-in');
      await first.submit({ code: one.code() });
      assert.match(first.path, /^\/mfa\/recovery-codes/);
      // The other one was about to enroll; now there is a factor, and it is asked for.
      await second.submit({ code: two.code() });
      assert.match(second.path, /^\/mfa\?/);
      server.clock.advance(30);
      codeOf(await second.submit({ code: one.code() }));
    });
  });

  describe('is nothing that can be walked around', () => {
    const gotNothing = ({ location, headers }: Answer, what: string) => {
      assert.ok(!location?.searchParams.has('code'), what);
      assert.ok(![...headers.getSetCookie()].some((cookie) => cookie.startsWith('authkit-session-')), what);
    };

    it('by opening or sending any other page', async () => {
      const { email } = await makeProtected(server);
      const browser = await afterPassword(server, email);
      const attempt = browser.path.replace('/mfa?', '');
      const { csrf = '' } = browser.form('/mfa?').hidden;
      const before = await waysIn(server);
      const paths = [
        '/mfa',
        '/mfa/recovery',
        '/mfa/enroll',
        '/mfa/recovery-codes',
        '/sign-in/confirm',
        '/verify-email',
        '/passkey',
      ];
      const steps = [
        'mfa',
        'mfa_recovery',
        'enroll_mfa',
        'recovery_codes',
        'confirm_redirect',
        'verify_email',
        'complete',
        '',
      ];
      for (const path of paths) {
        for (const step of steps) {
          const fields = { csrf, step, code: '000000', recovery_code: '' };
          gotNothing(await browser.clone().post(`${path}?${attempt}`, fields), `${path} as ${step}`);
        }
        gotNothing(await browser.clone().open(`${path}?${attempt}`), path);
        server.clock.advance(6);
      }
      assert.deepEqual(await waysIn(server), before);
    });

    it('by enrolling another app', async () => {
      const { email } = await makeProtected(server);
      const browser = await afterPassword(server, email);
      const attempt = browser.path.replace('/mfa?', '');
      await browser.open(`/mfa/enroll?${attempt}`);
      assert.doesNotMatch(browser.text, /class="qr"/);
    });

    it('with the code of somebody else’s app', async () => {
      const [ada, mallory] = [await makeProtected(server), await makeProtected(server)];
      const browser = await afterPassword(server, ada.email);
      assert.equal((await browser.submit({ code: mallory.app.code() })).status, 422);
    });

    it('with a factor that was begun at the API and never proved', async () => {
      const ada = await makeProtected(server);
      const { app } = await enrollAtApi(server, ada.id);
      const browser = await afterPassword(server, ada.email);
      assert.equal((await browser.submit({ code: app.code() })).status, 422);
    });

    it('by a session that began before: silently, with prompt=none, by refresh', async () => {
      await using own = await start();
      const { browser, refreshToken } = await own.signedUp('ada@example.com');
      await changeSettings(own, { mfa: 'required' });
      const silent = await browser.clone().open(own.authorizeUrl());
      gotNothing(silent, 'silent');
      const none = await browser.clone().open(own.authorizeUrl({ prompt: 'none' }));
      assert.equal(none.location?.searchParams.get('error'), 'interaction_required');
      const refreshed = await own.token(byRefresh(refreshToken));
      assert.deepEqual([refreshed.status, refreshed.json.error], [400, 'mfa_enrollment']);
      assert.match(refreshed.json.authkit_redirect_url, /\/user_management\/authorize\?/);
    });

    it('by whoever has a cookie of days ago: an app is added after a new proof, and not before', async () => {
      await using own = await start();
      const { browser, user } = await own.signedUp('ada@example.com');
      const { id: organization_id } = await makeOrganization(own);
      await updatePolicy(own.running.services, systemTenant(own.environmentId), organization_id, { mfa: 'required' });
      await makeMember(own, user.id, organization_id);
      const stolen = { app: browser.clone(), device: browser.clone(), organization: browser.clone() };
      own.clock.advance(3 * 86_400);
      await stolen.organization.open(own.authorizeUrl({ organization_id }));
      assert.match(stolen.organization.path, /^\/sign-in/, 'what an organization demands');
      await changeSettings(own, { mfa: 'required' });
      await stolen.app.open(own.authorizeUrl());
      assert.match(stolen.app.path, /^\/sign-in/);
      const { json } = await own.api('POST', '/user_management/authorize/device', { client_id: own.clientId });
      await stolen.device.open('/device');
      await stolen.device.submit({ user_code: json.user_code });
      assert.match(stolen.device.path, /^\/sign-in/);
      const none = await browser.clone().open(own.authorizeUrl({ prompt: 'none' }));
      assert.equal(none.location?.searchParams.get('error'), 'login_required');
      // The person knows the password, and goes on from there.
      await stolen.device.submit({ password: goodPassword }, '/sign-in/password');
      assert.match(stolen.device.path, /^\/mfa\/enroll/);
    });

    it('by guessing: ten tries a minute, shared by all browsers', async () => {
      const { email, app } = await makeProtected(server);
      const browsers = [await afterPassword(server, email), await afterPassword(server, email)];
      const statuses = [];
      for (let i = 0; i < 12; i++) statuses.push((await browsers[i % 2]?.submit({ code: app.wrong() }))?.status);
      assert.deepEqual(statuses, [...Array(10).fill(422), 429, 429]);
      const [browser] = browsers;
      assert.equal((await browser?.submit({ code: app.code() }))?.status, 429);
      assert.match(browser?.text ?? '', /Try again in/);
      // Recovery codes have tries of their own, and so has the password of nobody else.
      server.clock.advance(61);
      codeOf((await browser?.submit({ code: app.code() })) as Answer);
    });

    it('by guessing on: after a hundred failures only a recovery code or an operator helps', async () => {
      const { email, id, app } = await makeProtected(server);
      for (let i = 0; i < 100; i++) {
        await assertMayTry(server.running.services, systemTenant(server.environmentId), { id }, 'totp');
        server.clock.advance(3600);
      }
      const browser = await afterPassword(server, email);
      const answer = await browser.submit({ code: app.code() });
      assert.equal(answer.status, 429);
      assert.match(answer.text, /none is taken any more/);
    });
  });
});
