import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { contractRoutes } from '../../src/app.ts';
import { type Answer, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { makeInvitation } from './organization-steps.ts';
import {
  byCode,
  changeSettings,
  codeOf,
  makeUser,
  newSession,
  otherEnvironment,
  signedInBrowser,
  signIn,
  waysIn,
} from './steps.ts';

/** Browsers are sent there by identity providers, whole companies at a time. */
const isProviders = (path: string): boolean => path.startsWith('/sso/');

onEachEngine('the hosted pages', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  let names = 0;
  const newAddress = () => `person-${names++}@example.com`;

  const open = async (more: Record<string, string> = {}) => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl(more));
    return browser;
  };
  const openSignUp = (more: Record<string, string> = {}) => open({ screen_hint: 'sign-up', ...more });

  /** A page without what differs from one request to the next. */
  const plain = ({ text, status, headers }: Answer, email: string) => ({
    status,
    headers: Object.fromEntries(
      [...headers]
        .filter(([name]) => !['date', 'content-length'].includes(name))
        .map(([name, value]) => [name, name === 'x-request-id' ? '' : value.replaceAll(/nonce-[\w-]+/g, 'nonce')]),
    ),
    text: text
      .replaceAll(email, 'EMAIL')
      .replaceAll(/attempt_\w{26}/g, 'ATTEMPT')
      .replaceAll(/nonce="[^"]+"/g, 'NONCE')
      .replaceAll(/name="csrf" value="\w+"/g, 'CSRF')
      .replaceAll(/data-wait="\d+"/g, 'WAIT'),
  });

  describe('tell nobody who has an account', () => {
    const wrongPassword = async (email: string) => {
      const browser = await open();
      const asked = await browser.submit({ email });
      return [plain(asked, email), plain(await browser.submit({ password: 'not the password' }), email)];
    };

    it('at sign-in, whether the password or the address is wrong (UI 26)', async () => {
      const { email } = await makeUser(server);
      const { email: withoutPassword } = await makeUser(server, { password: undefined });
      const { email: unverified } = await makeUser(server, { email_verified: false });
      const nobody = await wrongPassword(newAddress());
      assert.equal(nobody[1]?.status, 401);
      for (const known of [email, withoutPassword, unverified]) assert.deepEqual(await wrongPassword(known), nobody);
    });

    it('at sign-up, where only the mail differs', async () => {
      const signUp = async (email: string) => {
        const browser = await openSignUp();
        const pages = [await browser.submit({ email, password: goodPassword })];
        const { hidden } = browser.form('/verify-email?');
        for (const code of ['000000', '000001', '12', '000002', '000003', '000004', '000005']) {
          pages.push(await browser.post(`/verify-email?${browser.path.split('?')[1]}`, { ...hidden, code }));
        }
        return pages.map((page) => plain(page, email));
      };
      const { email } = await makeUser(server);
      const fresh = newAddress();
      assert.deepEqual(await signUp(email), await signUp(fresh));
      const [mail] = await server.mails(email);
      assert.match(mail?.subject ?? '', /already have an account/i);
      assert.match(mail?.text ?? '', /http:\/\/localhost:3000\/login\b/, 'leads to where the app lets people sign in');
      assert.doesNotMatch(`${mail?.subject} ${mail?.text}`, /\b\d{6}\b/);
      assert.match((await server.mails(fresh))[0]?.subject ?? '', /\b\d{6}\b/);
    });

    it('when a code is asked for again', async () => {
      const again = async (email: string) => {
        const browser = await openSignUp();
        await browser.submit({ email, password: goodPassword });
        const early = await browser.submit({}, '/verify-email/resend');
        server.clock.advance(31);
        const sent = await browser.submit({}, '/verify-email/resend');
        return [plain(early, email), plain(sent, email)];
      };
      const { email } = await makeUser(server);
      const fresh = newAddress();
      const pages = await again(fresh);
      assert.deepEqual(await again(email), pages);
      assert.deepEqual(
        pages.map(({ status }) => status),
        [429, 200],
      );
      assert.ok(pages[0]?.headers['retry-after']);
      assert.equal((await server.mails(email)).length, 2);
      assert.equal((await server.mails(fresh)).length, 2);
    });
  });

  describe('the code from the mail', () => {
    const atCode = async () => {
      const email = newAddress();
      const browser = await openSignUp();
      await browser.submit({ email, password: goodPassword });
      return { email, browser, code: await server.codeFor(email) };
    };
    const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

    it('may be pasted with spaces and a hyphen', async () => {
      const { browser, code } = await atCode();
      assert.ok(codeOf(await browser.submit({ code: ` ${code.slice(0, 3)}-${code.slice(3)} ` })));
    });

    it('says how many tries are left, takes five, and costs none when it is no code', async () => {
      const { browser, code } = await atCode();
      for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
        assert.match((await browser.submit({ code: '12' })).text, /Enter the six digits/);
        const page = await browser.submit({ code: wrong(code) });
        assert.equal(page.status, 422);
        assert.match(page.text, new RegExp(`${left} left`));
      }
      const { hidden, action } = browser.form('/verify-email?');
      const last = await browser.submit({ code: wrong(code) }, '/verify-email?');
      assert.match(last.text, /new code/);
      const dead = await browser.post(action, { ...hidden, code });
      assert.equal(dead.status, 422, 'the right code worked after five wrong ones');
    });

    it('is replaced by a newer one, which has new tries', async () => {
      const { browser, code, email } = await atCode();
      for (let tries = 0; tries < 5; tries++) {
        const { hidden, action } = {
          hidden: browser.form().hidden,
          action: `/verify-email?${browser.path.split('?')[1]}`,
        };
        await browser.post(action, { ...hidden, step: 'verify_email', code: wrong(code) });
      }
      server.clock.advance(31);
      await browser.submit({}, '/verify-email/resend');
      const newer = await server.codeFor(email);
      if (newer !== code) assert.equal((await browser.submit({ code }, '/verify-email?')).status, 422);
      assert.ok(codeOf(await browser.submit({ code: newer }, '/verify-email?')));
    });

    it('expires with the sign-in, after ten minutes', async () => {
      const { browser, code, email } = await atCode();
      server.clock.advance(599);
      const { action, hidden } = browser.form('/verify-email?');
      assert.equal((await browser.open(browser.path)).status, 200);
      server.clock.advance(2);
      const late = await browser.post(action, { ...hidden, code });
      assert.equal(late.status, 400);
      assert.match(late.text, /This sign-in is over/);

      // The account stays, unproved and without a password: only another code makes it somebody's.
      const early = await open();
      await early.submit({ email });
      assert.equal((await early.submit({ password: goodPassword })).status, 401);
      const later = await openSignUp();
      await later.submit({ email, password: goodPassword });
      const newer = await server.codeFor(email);
      if (newer !== code) assert.equal((await later.submit({ code })).status, 422);
      assert.ok(codeOf(await later.submit({ code: newer })));
    });

    it('is good on the page that asked for it, and nowhere else', async () => {
      const { browser, code, email } = await atCode();
      const [user] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
      const confirmed = await server.api('POST', `/user_management/users/${user.id}/email_verification/confirm`, {
        code,
      });
      // Not even that there is one is told.
      assert.deepEqual([confirmed.status, confirmed.json.code], [400, 'email_verification_code_expired']);
      assert.ok(codeOf(await browser.submit({ code })));
    });

    it('sent twice at once leads to the app twice (UI 29)', async () => {
      const { browser, code } = await atCode();
      const { action, hidden } = browser.form('/verify-email?');
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => browser.clone().post(action, { ...hidden, code })),
      );
      assert.equal(new Set(answers.map(({ location, status }) => location?.href ?? status)).size, 1);
      assert.ok(codeOf(answers[0] as Answer));
    });
  });

  describe('forms sent twice', () => {
    it('lead to the same place', async () => {
      const { email } = await makeUser(server);
      const browser = await open();
      const first = browser.form();
      await browser.submit({ email });
      const place = browser.path;
      await browser.post(first.action, { ...first.hidden, email });
      assert.equal(browser.path, place);

      const newcomer = newAddress();
      const signUp = await openSignUp();
      const form = signUp.form();
      await signUp.submit({ email: newcomer, password: goodPassword });
      await signUp.post(form.action, { ...form.hidden, email: newcomer, password: goodPassword });
      assert.match(signUp.path, /^\/verify-email/);
      assert.ok(codeOf(await signUp.submit({ code: await server.codeFor(newcomer) })));
      const users = (await server.api('GET', `/user_management/users?email=${newcomer}`)).json.data;
      assert.equal(users.length, 1);
    });

    it('at once make one account and one mail', async () => {
      const email = newAddress();
      const browser = await openSignUp();
      const { action, hidden } = browser.form();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => browser.clone().post(action, { ...hidden, email, password: goodPassword })),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.ok(answers.every(({ text }) => text.includes('Check your email')));
      assert.equal((await server.api('GET', `/user_management/users?email=${email}`)).json.data.length, 1);
      await browser.open(`/verify-email?${browser.path.split('?')[1]}`);
      assert.ok(codeOf(await browser.submit({ code: await server.codeFor(email) })));
    });
  });

  describe('going back', () => {
    it('to another address forgets what was proved for the first', async () => {
      const { email: unproved } = await makeUser(server, { email_verified: false });
      const { email: victim } = await makeUser(server);
      const browser = await open();
      const identify = browser.form();
      await browser.submit({ email: unproved });
      const before = await waysIn(server);
      await browser.submit({ password: goodPassword });
      assert.match(browser.path, /^\/verify-email/);
      const code = browser.form('/verify-email?');
      await browser.post(identify.action, { ...identify.hidden, email: victim });
      assert.match(browser.path, /^\/sign-in\/password/);
      const after = await browser.post(code.action, { ...code.hidden, code: await server.codeFor(unproved) });
      assert.equal(after.location, null);
      assert.match(browser.path, /^\/sign-in/);
      assert.deepEqual(await waysIn(server), before);
    });

    it('to a page filled in for another address asks for the address again', async () => {
      const [{ email: first }, { email: second }] = [await makeUser(server), await makeUser(server)];
      const browser = await open();
      const identify = browser.form();
      await browser.submit({ email: first });
      const password = browser.form('/sign-in/password');
      await browser.post(identify.action, { ...identify.hidden, email: second });
      const answer = await browser.post(password.action, { ...password.hidden, email: first, password: goodPassword });
      assert.equal(answer.location, null);
      assert.match(browser.path, /^\/sign-in\?/);
    });

    it('after the end shows that it is over', async () => {
      const { email } = await makeUser(server);
      const browser = await open();
      await browser.submit({ email });
      const path = browser.path;
      await browser.submit({ password: goodPassword });
      const answer = await browser.open(path);
      assert.equal(answer.status, 400);
      assert.match(answer.text, /This sign-in is over/);
    });
  });

  describe('ten minutes later', () => {
    it('offer to begin anew with everything the app asked for (UI 30, 31)', async () => {
      const { email } = await makeUser(server);
      const asked = {
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
        prompt: 'login',
      };
      const browser = server.browser();
      await browser.open(`${server.authorizeUrl(asked)}&state=%2B~*+x`);
      await browser.submit({ email });
      const path = browser.path;
      server.clock.advance(601);
      const over = await browser.open(path);
      assert.equal(over.status, 400);
      const href = /href="(\/user_management\/authorize[^"]*)"/.exec(over.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      assert.match(href, /&state=%2B~\*\+x$/);
      assert.match(href, /code_challenge=E9Mel/);
      assert.match(href, /prompt=login/);
      await browser.open(href);
      assert.match(browser.text, new RegExp(`name="email"[^>]* value="${email}"`), 'the address is asked for twice');
      await browser.submit({ email });
      const done = await browser.submit({ password: goodPassword });
      assert.match(done.headers.get('location') ?? '', /&state=%2B~\*\+x$/);
      assert.equal((await server.token(byCode(codeOf(done)))).json.error, 'invalid_grant', 'the challenge was lost');
    });

    it('begin anew with the address that is typed on a page that was left open (UI 31)', async () => {
      const { email } = await makeUser(server);
      const browser = await open();
      server.clock.advance(601);
      const over = await browser.submit({ email });
      assert.equal(over.status, 400);
      const [, href = ''] = /href="(\/user_management\/authorize[^"]*)"/.exec(over.text) ?? [];
      await browser.open(href.replaceAll('&amp;', '&'));
      assert.match(browser.text, new RegExp(`name="email"[^>]* value="${email}"`));
      assert.ok((await browser.submit({ email })).status < 400);
    });

    it('still know their own browser, and offer nothing to another', async () => {
      const browser = server.browser();
      const response = await fetch(server.authorizeUrl(), { redirect: 'manual' });
      const cookie = response.headers.getSetCookie().find((each) => each.startsWith('authkit-attempt-')) ?? '';
      assert.ok(Number(/Max-Age=(\d+)/.exec(cookie)?.[1]) > 600, cookie);
      await browser.open(server.authorizeUrl());
      const path = browser.path;
      server.clock.advance(601);
      const stranger = await server.browser().open(path);
      assert.equal(stranger.status, 400);
      assert.doesNotMatch(stranger.text, /user_management\/authorize/);
    });
  });

  describe('signing up over an account nobody proved', () => {
    it('asks for the inbox, and ends what was there', async () => {
      const email = newAddress();
      await changeSettings(server, { requireEmailVerification: false });
      const attacker = await openSignUp();
      const early = await attacker.submit({ email, password: 'the attacker’s own phrase' });
      assert.equal(early.status, 303);
      const tokens = (await server.token(byCode(codeOf(early)))).json;
      const pending = codeOf(await attacker.open(server.authorizeUrl()));
      await changeSettings(server, { requireEmailVerification: true });

      const owner = await openSignUp();
      const asked = await owner.submit({ email, password: goodPassword });
      assert.equal(asked.location, null, 'nobody asked for the inbox');
      assert.ok(codeOf(await owner.submit({ code: await server.codeFor(email) })));

      const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
      assert.equal((await server.token(refresh)).json.error, 'invalid_grant', 'the session lives on');
      assert.equal((await server.token(byCode(pending))).json.error, 'invalid_grant', 'the code lives on');
      assert.equal((await attacker.open(server.authorizeUrl())).status, 200, 'the browser is still signed in');
      const old = await open();
      await old.submit({ email });
      assert.equal((await old.submit({ password: 'the attacker’s own phrase' })).status, 401);
      assert.ok((await signIn(server, email)).code);
      const [user] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
      assert.equal(user.id, tokens.user.id);
    });

    it('leaves nothing to whoever waits at the code of their own sign-up', async () => {
      const email = newAddress();
      const attacker = await openSignUp();
      await attacker.submit({ email, password: 'the attacker’s own phrase' });
      const second = await openSignUp();
      await second.submit({ email, password: 'the attacker’s own phrase' });
      const owner = await openSignUp();
      await owner.submit({ email, password: goodPassword });
      const before = await waysIn(server);
      assert.ok(codeOf(await owner.submit({ code: await server.codeFor(email) })));
      for (const waiting of [attacker, second]) {
        const { action, hidden } = waiting.form('/verify-email?');
        for (const step of ['verify_email', 'sign_up', 'identify', 'password', 'confirm_redirect', '']) {
          const answer = await waiting.clone().post(action, { ...hidden, step, code: '000000' });
          assert.equal(answer.location, null, `${step} completed the attacker’s sign-in`);
        }
      }
      assert.deepEqual(await waysIn(server), { ...before, codes: before.codes + 1, browsers: before.browsers + 1 });
    });

    it('lets nobody in whose address somebody else proved meanwhile', async () => {
      const email = newAddress();
      const attacker = await openSignUp();
      await attacker.submit({ email, password: 'the attacker’s own phrase' });
      const [user] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
      await server.api('PUT', `/user_management/users/${user.id}`, { email_verified: true });
      const { action, hidden } = attacker.form('/verify-email?');
      const answer = await attacker.post(action, { ...hidden, code: '000000' });
      assert.equal(answer.location, null);
      const again = await open();
      await again.submit({ email });
      assert.equal((await again.submit({ password: 'the attacker’s own phrase' })).status, 401);
    });

    it('says the same of known and unknown addresses, however often a code is tried and on how many pages', async () => {
      const known = (await makeUser(server)).email;
      const unknown = newAddress();
      const walk = async (email: string): Promise<string[]> => {
        const seen: string[] = [];
        const [first, second] = [await openSignUp(), await openSignUp()];
        await first.submit({ email, password: goodPassword });
        await second.submit({ email, password: goodPassword });
        for (const browser of [second, first, second, second, first, second, first]) {
          const answer = await browser.submit({ code: '000001' });
          seen.push(`${answer.status} ${/<p class="message"[^>]*>.*?<\/p>|<h1>.*?<\/h1>/.exec(answer.text)?.[0]}`);
        }
        const password = await open();
        await password.submit({ email });
        seen.push(`${(await password.submit({ password: goodPassword + (email === known ? 'x' : '') })).status}`);
        return seen;
      };
      assert.deepEqual(await walk(known), await walk(unknown));
    });

    it('asks for the inbox even where the policy asks nobody', async () => {
      const { email } = await makeUser(server, { email_verified: false });
      await changeSettings(server, { requireEmailVerification: false });
      const browser = await openSignUp();
      const answer = await browser.submit({ email, password: 'a passphrase of my own' });
      await changeSettings(server, { requireEmailVerification: true });
      assert.equal(answer.location, null);
      assert.match(browser.path, /^\/verify-email/);
      assert.equal((await server.mails(email)).length, 1);
    });
  });

  describe('as the settings say', () => {
    const rest = { requireEmailVerification: true, signUpNames: 'optional' } as const;
    after(() => changeSettings(server, rest));

    it('ask for no address where none leads anywhere, and make no account of one that is sent all the same', async () => {
      const email = newAddress();
      const pages = [await open(), await openSignUp()] as const;
      const forms = [pages[0].form('/sign-in?'), pages[1].form('/sign-up?')] as const;
      await changeSettings(server, { passwordSignIn: false, magicAuthSignIn: false });
      for (const [index, browser] of pages.entries()) {
        const { action = '', hidden = {} } = forms[index] ?? {};
        const answer = await browser.post(action, { ...hidden, email, password: goodPassword });
        assert.equal(answer.status, 422, action);
        await browser.open(action);
        assert.doesNotMatch(browser.text, /name="email"/, action);
      }
      assert.deepEqual((await server.api('GET', `/user_management/users?email=${email}`)).json.data, []);
      await changeSettings(server, { passwordSignIn: true, magicAuthSignIn: true });
    });

    it('ask for names not at all, if one likes, or in any case', async () => {
      const names = { first_name: 'Grace', last_name: 'Hopper' };
      const userOf = async (email: string) => {
        const [user] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
        return [user.first_name, user.last_name];
      };

      await changeSettings(server, { signUpNames: 'off' });
      const off = await openSignUp();
      assert.doesNotMatch(off.text, /first_name/);
      const quiet = newAddress();
      await off.submit({ email: quiet, password: goodPassword, ...names });
      assert.deepEqual(await userOf(quiet), [null, null]);

      await changeSettings(server, { signUpNames: 'optional' });
      for (const [typed, kept] of [
        [{}, [null, null]],
        [names, ['Grace', 'Hopper']],
      ] as const) {
        const optional = await openSignUp();
        assert.match(optional.text, /first_name/);
        const email = newAddress();
        await optional.submit({ email, password: goodPassword, ...typed });
        assert.deepEqual(await userOf(email), kept);
      }

      await changeSettings(server, { signUpNames: 'required' });
      const required = await openSignUp();
      const email = newAddress();
      const refused = await required.submit({ email, password: goodPassword, first_name: ' ' });
      assert.equal(refused.status, 422);
      assert.match(refused.text, /Enter a first name\./);
      assert.match(refused.text, /Enter a last name\./);
      assert.doesNotMatch(refused.text, new RegExp(goodPassword), 'the password came back in the page');
      await required.submit({ email, password: goodPassword, ...names });
      assert.deepEqual(await userOf(email), ['Grace', 'Hopper']);
    });

    it('let a new account in at once where the inbox need not be proved', async () => {
      await changeSettings(server, { ...rest, requireEmailVerification: false });
      const email = newAddress();
      const browser = await openSignUp();
      const done = await browser.submit({ email, password: goodPassword });
      const { json } = await server.token(byCode(codeOf(done)));
      assert.equal(json.user.email_verified, false);
      assert.deepEqual(await server.mails(email), []);
      assert.ok((await signIn(server, email)).code);
      await changeSettings(server, rest);
      const asked = await open();
      await asked.submit({ email });
      await asked.submit({ password: goodPassword });
      assert.match(asked.path, /^\/verify-email/);
    });
  });

  describe('what is typed', () => {
    it('is shown again with what is wrong with it, the password never', async () => {
      const browser = await openSignUp();
      for (const [password, says] of [
        ['', /Choose a password/],
        ['short', /10/],
        ['password12', /./],
        ['aaaaaaaaaaaaaa', /./],
      ] as const) {
        const answer = await browser.submit({ email: 'grace@example.com', password });
        assert.equal(answer.status, 422, password);
        assert.match(answer.text, says);
        assert.match(answer.text, /value="grace@example\.com"/);
        if (password) assert.doesNotMatch(answer.text, new RegExp(`value="${password}"`));
      }
      const malformed = await browser.submit({ email: 'grace@', password: goodPassword });
      assert.equal(malformed.status, 422);
      assert.match(malformed.text, /name@example\.com/);
    });

    it('is never markup', async () => {
      const browser = await open();
      const answer = await browser.submit({ email: '"><script>alert(1)</script>' });
      assert.equal(answer.status, 422);
      assert.doesNotMatch(answer.text, /<script>alert/);
    });

    it('may be as long as it likes', async () => {
      const browser = await open();
      assert.equal((await browser.submit({ email: 'x'.repeat(2000) })).status, 422);
      const { action, hidden } = browser.form();
      assert.equal((await browser.clone().post(action, { ...hidden, email: 'x'.repeat(5000) })).status, 422);
      assert.equal((await browser.clone().post(action, { ...hidden, email: 'x'.repeat(2_000_000) })).status, 413);
      const [first, second] = [newAddress(), newAddress()];
      await browser.submit({ email: first });
      assert.equal((await browser.submit({ password: 'x'.repeat(2000) })).status, 401);
      assert.equal((await browser.submit({ password: 'with\0zero' })).status, 401);
      await browser.post(action, { ...hidden, email: `${second}\0` });
      assert.match(browser.text, /name@example\.com/);
    });
  });

  describe('limits', () => {
    it('take ten passwords a minute for an address, however it is spelt and from wherever', async () => {
      const { email } = await makeUser(server, { email: 'Limited@Example.com' });
      const attempt = async (spelling: string, password: string) => {
        const browser = await open();
        await browser.submit({ email: spelling });
        return browser.submit({ password });
      };
      const spellings = [email, 'limited@example.com', 'LIMITED@EXAMPLE.COM', 'Limited@EXAMPLE.com'];
      for (let tries = 0; tries < 10; tries++) {
        assert.equal((await attempt(spellings[tries % 4] ?? email, 'not the password')).status, 401);
      }
      const refused = await attempt(email, goodPassword);
      assert.equal(refused.status, 429, 'the right password was looked at');
      const wait = Number(refused.headers.get('retry-after'));
      assert.ok(wait > 0 && wait <= 60, String(wait));
      assert.equal((await attempt(newAddress(), 'not the password')).status, 401, 'others are locked out too');
      server.clock.advance(61);
      assert.ok(codeOf(await attempt('limited@example.com', goodPassword)));
    });

    it('hold in full where they are not relaxed: codes per address, sign-ups and forms per visitor', async () => {
      await using strict = await start({ stagingLimitFactor: 1 });
      const openHere = async (more: Record<string, string> = {}) => {
        const browser = strict.browser();
        await browser.open(strict.authorizeUrl(more));
        return browser;
      };
      const { email } = await makeUser(strict);
      const pages: number[] = [];
      for (let sent = 0; sent < 4; sent++) {
        const browser = await openHere({ screen_hint: 'sign-up' });
        pages.push((await browser.submit({ email, password: goodPassword })).status);
      }
      assert.deepEqual(pages, [200, 200, 200, 429]);
      assert.equal((await strict.mails(email)).length, 3);

      for (let made = 4; made < 20; made++) {
        const browser = await openHere({ screen_hint: 'sign-up' });
        await browser.submit({ email: `new-${made}@example.com`, password: goodPassword });
      }
      const browser = await openHere({ screen_hint: 'sign-up' });
      const many = await browser.submit({ email: 'one-too-many@example.com', password: goodPassword });
      assert.equal(many.status, 429);
      assert.equal(
        (await strict.api('GET', '/user_management/users?email=one-too-many@example.com')).json.data.length,
        0,
      );

      strict.clock.advance(61);
      const busy = await openHere();
      const { action, hidden } = busy.form();
      const statuses: number[] = [];
      for (let posts = 0; posts < 61; posts++)
        statuses.push((await busy.post(action, { ...hidden, email: '' })).status);
      assert.deepEqual([...new Set(statuses.slice(0, 60))], [422]);
      assert.equal(statuses[60], 429);
    });

    it('count what is sent to any page before it is looked at, for the network it comes from', async () => {
      await using strict = await start();
      await changeSettings(strict, { productionLimits: true });
      const browser = strict.browser();
      await browser.open(strict.authorizeUrl());
      const { action, hidden } = browser.form();
      const other = await otherEnvironment(strict);
      strict.clock.moveTo(new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 500));
      const post = (path: string, body: Record<string, string> = {}) => strict.browser().post(path, body);
      // What says nothing, what is too long to be read, and what is another browser's.
      const bodies = [{}, { csrf: 'x'.repeat(9000) }, hidden];
      for (let n = 0; n < 60; n++)
        assert.notEqual((await post(n % 2 ? action : '/invite', bodies[n % 3])).status, 429, String(n));
      for (let n = 0; n < 120; n++) assert.notEqual((await post('/sign-in/passkey/options')).status, 429);
      const posts = contractRoutes.filter((route) => route.page && route.method === 'POST' && !isProviders(route.path));
      assert.ok(posts.length > 40, String(posts.length));
      for (const { path } of posts) {
        const { status, headers } = await post(path.replace(/\{\w+\}/g, 'x'), { csrf: 'forged' });
        assert.deepEqual([status, headers.has('retry-after')], [429, true], path);
      }
      // Naming an environment with relaxed limits besides lets nobody off.
      assert.equal((await post(`${action}&client_id=${other.clientId}`, hidden)).status, 429);
      assert.notEqual((await post(`/forgot-password?client_id=${other.clientId}`)).status, 429);
      strict.clock.advance(60);
      assert.notEqual((await post('/language')).status, 429);
    });

    it('count at the tightest limit of all what does not say whose it is, and what says it in two ways', async () => {
      await using relaxed = await start();
      const uri = 'https://app.example.com/callback';
      const live = { kind: 'production', redirectUris: [{ uri, isDefault: true }] } as const;
      const production = await otherEnvironment(relaxed, live);
      const browser = relaxed.browser();
      await browser.open(relaxed.authorizeUrl({ client_id: production.clientId, redirect_uri: uri }));
      const { action, hidden } = browser.form();
      const [path, query] = action.split('?');
      const staging = relaxed.browser();
      await staging.open(relaxed.authorizeUrl());
      const ofStaging = staging.form().action;
      relaxed.clock.moveTo(new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 500));
      const post = (to: string) => browser.clone().post(to, { ...hidden, email: '' });
      // The router reads past a second question mark, and so does what counts.
      const behindAnother = `${path}?x=?&${query}`;
      for (let n = 0; n < 60; n++) assert.equal((await post(behindAnother)).status, 422, String(n));
      const client = `client_id=${relaxed.clientId}`;
      for (const to of [
        ...[behindAnother, `${behindAnother}&${client}`, '/reset-password', `/reset-password?${client}`],
        ...[
          ofStaging.replace('/sign-in', '/reset-password'),
          '/invite',
          `/device?${client}`,
          '/sign-in?attempt=nobodys',
        ],
      ])
        assert.equal((await post(to)).status, 429, to);
      assert.equal((await post('/forgot-password?client_id=nobodys')).status, 429);
      assert.notEqual((await staging.post(ofStaging, staging.form().hidden)).status, 429, 'staging is relaxed');
    });
  });

  describe('without an app', () => {
    it('send people to where the app begins its sign-ins', async () => {
      const answer = await server.browser().open('/sign-in');
      assert.equal(answer.location?.href, 'http://localhost:3000/login');
    });

    it('hand on to the app what a link brought, and nothing else', async () => {
      const brought = { screen_hint: 'sign-up', login_hint: 'ada@example.com', organization_id: 'org_1' };
      const more = { social: 'failed', state: 'x', redirect_uri: 'https://evil.example' };
      const answer = await server.browser().open(`/sign-in?${new URLSearchParams({ ...brought, ...more })}`);
      assert.equal(answer.location?.href, `http://localhost:3000/login?${new URLSearchParams(brought)}`);
      const odd = await server.browser().open('/sign-in?screen_hint=sign-out&login_hint=');
      assert.equal(odd.location?.href, 'http://localhost:3000/login');
    });

    it('accept an invitation that a link brought, though the app hands nothing on', async () => {
      const { email, token } = await makeInvitation(server, 'invited@via-app.example.com');
      const browser = server.browser();
      const toApp = await browser.open(`/sign-in?invitation_token=${token}`);
      assert.equal(toApp.location?.href, 'http://localhost:3000/login', 'a secret in an address of the app');
      await browser.open(server.authorizeUrl());
      assert.equal(browser.path.split('?')[0], '/sign-up', 'an invited person without an account makes one');
      await browser.submit({ email, password: goodPassword }, '/sign-up');
      assert.ok((await browser.submit({ code: await server.codeFor(email) })).location?.searchParams.get('code'));
      const { json } = await server.api('GET', `/user_management/invitations/by_token/${token}`);
      assert.equal(json.state, 'accepted');
    });

    it('say that an invitation is over before anybody is sent anywhere, and begin without it', async () => {
      const browser = server.browser();
      const over = await browser.open('/sign-in?invitation_token=unknown&login_hint=ada%40example.com');
      assert.deepEqual([over.status, over.location], [400, null]);
      const onward = /href="([^"]*login_hint[^"]*)"/.exec(over.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const without = await browser.open(onward);
      assert.equal(without.location?.href, 'http://localhost:3000/login?login_hint=ada%40example.com');
    });

    it('open the link for a new password that a link brought', async () => {
      const { email } = await makeUser(server);
      const { json } = await server.api('POST', '/user_management/password_reset', { email });
      const browser = server.browser();
      await browser.open(`/sign-in?password_reset_token=${json.password_reset_token}`);
      assert.equal(browser.path, `/reset-password?token=${json.password_reset_token}`);
      const password = 'a phrase that nobody else knows';
      const changed = await browser.submit({ password }, '/reset-password');
      assert.equal(changed.status, 200);
      assert.equal((await server.token({ grant_type: 'password', email, password })).status, 200);
    });

    it('do so from each page of a sign-in, which is what gets bookmarked', async () => {
      for (const path of ['/sign-up', '/sign-in/password', '/sign-in/code', '/verify-email', '/mfa', '/organization']) {
        const answer = await server.browser().open(path);
        assert.equal(answer.location?.href, 'http://localhost:3000/login', path);
      }
    });

    it('offer the way there when a bookmark kept an attempt, and go round with nobody', async () => {
      const asked = await open();
      for (const address of [asked.path, '/sign-in/password?attempt=attempt_01ARZ3NDEKTSV4RRFFQ69G5FAV']) {
        const stale = await server.browser().open(address);
        assert.deepEqual([stale.status, stale.location], [400, null], address);
        const [, way = ''] = /href="(\/sign-in\?client_id=[^"]+)"/.exec(stale.text) ?? [];
        const answer = await server.browser().open(way);
        assert.equal(answer.location?.href, 'http://localhost:3000/login', address);
      }
    });

    it('know no attempt that is not theirs', async () => {
      for (const attempt of ['x', 'attempt_01ARZ3NDEKTSV4RRFFQ69G5FAV', "' or 1=1 --", '']) {
        for (const path of ['/sign-in', '/sign-in/password', '/sign-up', '/verify-email', '/sign-in/confirm']) {
          const answer = await server.browser().open(`${path}?attempt=${encodeURIComponent(attempt)}`);
          assert.ok(answer.status === 400 || answer.status === 422, `${path} ${attempt}: ${answer.status}`);
        }
      }
    });
  });

  describe('headers', () => {
    const headersOf =
      ({ headers }: Answer) =>
      (name: string) =>
        headers.get(name) ?? '';

    it('let a page load nothing, be framed by nobody, and be kept nowhere (UI 7)', async () => {
      const browser = await open();
      const pages = [
        await browser.open(browser.path),
        await browser.submit({ email: newAddress() }),
        await browser.open('/sign-in?attempt=nobody'),
        await browser.open('/user_management/authorize?client_id=x'),
      ];
      const nonces = new Set<string>();
      for (const page of pages) {
        const header = headersOf(page);
        assert.match(header('content-type'), /^text\/html; charset=utf-8$/);
        const policy = header('content-security-policy');
        for (const directive of [
          "default-src 'none'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
          "object-src 'none'",
        ]) {
          assert.ok(policy.includes(directive), directive);
        }
        assert.doesNotMatch(policy, /unsafe|\*/);
        const nonce = /script-src 'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? '';
        assert.ok(nonce);
        nonces.add(nonce);
        for (const [tag] of page.text.matchAll(/<(script|style)\b[^>]*>/g))
          assert.match(tag, new RegExp(`nonce="${nonce}"`));
        assert.doesNotMatch(page.text, /\son\w+="|\sstyle="|https?:\/\/(?!localhost)/);
        assert.equal(header('cache-control'), 'no-store');
        assert.match(header('vary'), /Cookie/);
        assert.equal(header('referrer-policy'), 'no-referrer');
        assert.equal(header('x-content-type-options'), 'nosniff');
        assert.equal(header('cross-origin-opener-policy'), 'same-origin');
        assert.ok(header('permissions-policy'));
        assert.equal(header('strict-transport-security'), '');
        assert.match(header('x-request-id'), /^req_|^request_|\w{20,}/);
      }
      assert.equal(nonces.size, pages.length);
      assert.match(
        headersOf(pages[0] as Answer)('content-security-policy'),
        /form-action 'self' http:\/\/localhost:3000[;$]/,
      );
    });

    it('keep cookies from scripts, other sites and, on https, from plain connections', async () => {
      const cookiesOf = async () => {
        const { email } = await makeUser(server);
        const first = await fetch(server.authorizeUrl(), { redirect: 'manual' });
        const browser = await open();
        await browser.submit({ email });
        return [
          ...first.headers.getSetCookie(),
          ...(await browser.submit({ password: goodPassword })).headers.getSetCookie(),
        ];
      };
      const plainCookies = await cookiesOf();
      const values = {
        attempt: '\\w{43,44}',
        session: '\\w{43,44}',
        device: '\\w{22}\\.\\w{43,44}',
        method: 'Password',
      };
      for (const [index, [name, value]] of Object.entries(values).entries()) {
        const form = `^authkit-${name}-[0-9a-z]{26}=${value}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`;
        assert.match(plainCookies[index] ?? '', new RegExp(form));
      }
      assert.equal(plainCookies.length, 4);

      const config = server.running.services.config as { publicUrl: string };
      const { publicUrl } = config;
      config.publicUrl = 'https://auth.example.com';
      try {
        const answer = await fetch(
          `${server.url}${new URL(server.authorizeUrl()).pathname}${new URL(server.authorizeUrl()).search}`,
          { redirect: 'manual' },
        );
        assert.equal(answer.headers.get('strict-transport-security'), 'max-age=63072000; includeSubDomains');
        for (const cookie of answer.headers.getSetCookie()) {
          assert.match(
            cookie,
            /^__Host-authkit-attempt-\w+=\w+; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/,
          );
          assert.doesNotMatch(cookie, /Domain/i);
        }
      } finally {
        config.publicUrl = publicUrl;
      }
    });

    it('redirect forms with 303 and let nothing of it be kept', async () => {
      const { browser } = await signedInBrowser(server);
      const silent = await browser.open(server.authorizeUrl());
      assert.equal(silent.status, 302);
      assert.equal(silent.headers.get('cache-control'), 'no-store');
      const { email } = await makeUser(server);
      const { done } = await signIn(server, email);
      assert.equal(done.status, 303);
      assert.equal(done.headers.get('cache-control'), 'no-store');
      assert.ok(await newSession(server, browser));
    });
  });
});
