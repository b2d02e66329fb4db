/** Codes and links from mails at the hosted pages, without JavaScript. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { byCode, changeSettings, codeOf, makeUser, otherEnvironment, signIn, waysIn } from './steps.ts';

const newPassword = 'another perfectly fine passphrase';

onEachEngine('mailed codes at the pages', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  let counter = 0;
  const newAddress = () => `page-${process.pid}-${++counter}@example.com`;
  const usual = { passwordSignIn: true, magicAuthSignIn: true, signUp: 'open', mfa: 'optional' } as const;

  /** At the page that asks for the password. */
  const atPassword = async (email: string, browser = server.browser()): Promise<TestBrowser> => {
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    return browser;
  };
  const atCode = async (email: string): Promise<TestBrowser> => {
    const browser = await atPassword(email);
    await browser.submit({}, '/sign-in/code/send');
    assert.match(browser.path, /^\/sign-in\/code\?/);
    return browser;
  };
  const enter = (browser: TestBrowser, code: string) => browser.submit({ code }, '/sign-in/code?');
  const linkFor = async (email: string): Promise<string> =>
    /\/reset-password\?token=\w+/.exec((await server.mails(email))[0]?.text ?? '')?.[0] ?? assert.fail('no link');

  describe('a code', () => {
    it('signs in and up, and says which method it was', async () => {
      for (const email of [(await makeUser(server)).email, newAddress()]) {
        const browser = await atCode(email);
        const done = await enter(browser, await server.codeFor(email));
        const { json } = await server.token(byCode(codeOf(done)));
        assert.deepEqual(
          [json.user.email, json.user.email_verified, json.authentication_method],
          [email, true, 'MagicAuth'],
        );
      }
    });

    it('shows the same page, try for try, whether the address has an account, gets one, or gets none', async () => {
      const walk = async (email: string): Promise<string[]> => {
        const browser = await atCode(email);
        const seen: string[] = [
          browser.text.replaceAll(email, 'EMAIL').replace(/attempt_\w+|value="\w{40,}"|nonce="[^"]+"/g, ''),
        ];
        const { action, hidden } = browser.form('/sign-in/code?');
        for (let n = 0; n < 6; n++) {
          const answer = await browser.post(action, { ...hidden, code: '000001' });
          seen.push(`${answer.status} ${/<p class="message"[^>]*>.*?<\/p>|<h1>.*?<\/h1>/.exec(browser.text)?.[0]}`);
        }
        return seen;
      };
      const [known, unknown] = [await walk((await makeUser(server)).email), await walk(newAddress())];
      assert.deepEqual(known, unknown);
      await changeSettings(server, { signUp: 'invite_only' });
      const stranger = newAddress();
      assert.deepEqual(await walk(stranger), unknown);
      await changeSettings(server, usual);
      assert.match((await server.mails(stranger))[0]?.subject ?? '', /^No account/);
    });

    it('works once, in the sign-in that asked for it, and is resent after a while', async () => {
      const { email } = await makeUser(server);
      const before = await waysIn(server);
      const browser = await atCode(email);
      const code = await server.codeFor(email);
      const elsewhere = await atPassword(email);
      const { csrf = '' } = elsewhere.form('/sign-in/password').hidden;
      const path = elsewhere.path.replace('/password', '/code');
      const stolen = await elsewhere.post(path, { csrf, step: 'magic_code', code });
      assert.equal(stolen.location, null, 'a code of another sign-in');
      const api = await server.token({
        grant_type: 'urn:workos:oauth:grant-type:magic-auth:code',
        email,
        code,
      });
      assert.equal(api.status, 400, 'a code of a page at the API');
      assert.deepEqual(await waysIn(server), before);

      const early = await browser.submit({}, '/sign-in/code/send');
      assert.equal(early.status, 429);
      server.clock.advance(31);
      await browser.submit({}, '/sign-in/code/send');
      assert.match(browser.text, /We sent a new code/);
      const newer = await server.codeFor(email);
      if (newer !== code) assert.equal((await enter(browser, code)).status, 422);
      const { action, hidden } = browser.form('/sign-in/code?');
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => browser.clone().post(action, { ...hidden, code: newer })),
      );
      assert.equal(new Set(answers.map(({ location, status }) => location?.href ?? status)).size, 1);
      assert.equal((await waysIn(server)).codes, before.codes + 1);
    });

    it('uses up the tries of nobody else, and counts the guesses of a sign-in that asked for none', async () => {
      const { email } = await makeUser(server);
      const owner = await atCode(email);
      const code = await server.codeFor(email);
      /** What a sign-in is told that never asked for a code. */
      const guessAt = async (address: string, guesses: number): Promise<string[]> => {
        const stranger = await atPassword(address);
        const path = stranger.path.replace('/password', '/code');
        const { csrf = '' } = stranger.form('/sign-in/password').hidden;
        const told: string[] = [];
        for (let n = 0; n < guesses; n++) {
          const { status, text } = await stranger.post(path, { csrf, step: 'magic_code', code });
          told.push(`${status} ${/<p class="message"[^>]*>.*?<\/p>|<h1>.*?<\/h1>/.exec(text)?.[0]}`);
        }
        return told;
      };
      const guessed = await guessAt(email, 11);
      assert.deepEqual(guessed, await guessAt(newAddress(), 11), 'it tells that a code is in force');
      assert.deepEqual(
        guessed.map((told) => told.slice(0, 3)),
        [...Array.from({ length: 10 }, () => '422'), '429'],
      );
      server.clock.advance(61);
      const byGrant = { grant_type: 'urn:workos:oauth:grant-type:magic-auth:code', email, code };
      for (let n = 0; n < 5; n++) assert.equal((await server.token(byGrant)).json.code, 'one_time_code_expired');
      assert.ok(codeOf(await enter(owner, code)));
    });

    it('of the owner works whatever strangers ask for and guess meanwhile, and once', async () => {
      const { email } = await makeUser(server);
      const owner = await atCode(email);
      const code = await server.codeFor(email);
      const before = await waysIn(server);
      const stranger = { left: 0, refused: 0 };
      for (let asked = 0; asked < 10; asked++) {
        const browser = await atCode(email);
        const theirs = await server.codeFor(email);
        const { action, hidden } = browser.form('/sign-in/code?');
        const wrong = ['000000', '000001', '000002'].find((guess) => guess !== code && guess !== theirs) ?? '';
        for (let n = 0; n < 5; n++) {
          const { status } = await browser.post(action, { ...hidden, code: wrong });
          if (status === 429) stranger.refused++;
          else stranger.left++;
        }
        if (code !== theirs) {
          const stolen = await browser.post(action, { ...hidden, code });
          assert.equal(stolen.location, null, 'a code of another sign-in');
        }
      }
      // Ten in a minute, and one for each code that was mailed: 50 were sent.
      assert.ok(stranger.left <= 20, `${stranger.left} guesses were looked at`);
      assert.ok(stranger.refused >= 30, `${stranger.refused} were refused`);
      assert.deepEqual(await waysIn(server), before);
      const { action, hidden } = owner.form('/sign-in/code?');
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => owner.clone().post(action, { ...hidden, code })),
      );
      assert.equal((await waysIn(server)).codes, before.codes + 1);
      const through = answers.find(({ location }) => location?.searchParams.has('code')) ?? assert.fail('kept waiting');
      assert.equal((await server.token(byCode(codeOf(through)))).json.user.email, email);
    });

    it('does not wait for a stranger’s guesses, once a code: a second try does', async () => {
      const { email } = await makeUser(server);
      const owner = await atCode(email);
      const code = await server.codeFor(email);
      const stranger = await atPassword(email);
      const path = stranger.path.replace('/password', '/code');
      const { csrf = '' } = stranger.form('/sign-in/password').hidden;
      for (let n = 0; n < 10; n++) await stranger.post(path, { csrf, step: 'magic_code', code });
      assert.equal((await stranger.post(path, { csrf, step: 'magic_code', code })).status, 429);
      const { action, hidden } = owner.form('/sign-in/code?');
      const wrong = { ...hidden, code: code === '000000' ? '000001' : '000000' };
      const answers = await Promise.all(Array.from({ length: 8 }, () => owner.clone().post(action, wrong)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [422, ...Array(7).fill(429)]);
      const waiting = await owner.post(action, { ...hidden, code });
      assert.ok(Number(waiting.headers.get('retry-after')) > 0);
      server.clock.advance(61);
      assert.ok(codeOf(await owner.post(action, { ...hidden, code })));
    });

    it('dies after five wrong tries of the sign-in that asked for it, however many are sent at the same time', async () => {
      const { email } = await makeUser(server);
      const owner = await atCode(email);
      const code = await server.codeFor(email);
      const { action, hidden } = owner.form('/sign-in/code?');
      const wrong = code === '000000' ? '000001' : '000000';
      const guess = () => owner.clone().post(action, { ...hidden, code: wrong });
      await Promise.all(Array.from({ length: 6 }, guess));
      assert.equal((await enter(owner, code)).location, null);
    });

    it('is the first method where passwords are off, at sign-in and sign-up', async () => {
      await changeSettings(server, { passwordSignIn: false });
      const { email } = await makeUser(server);
      const browser = await atPassword(email);
      assert.match(browser.path, /^\/sign-in\/code\?/);
      assert.ok(codeOf(await enter(browser, await server.codeFor(email))));

      const fresh = server.browser();
      const address = newAddress();
      await fresh.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
      assert.doesNotMatch(fresh.text, /type="password"/);
      await fresh.submit({ email: address, first_name: 'Grace' }, '/sign-up?');
      const done = await enter(fresh, await server.codeFor(address));
      const { json } = await server.token(byCode(codeOf(done)));
      assert.deepEqual([json.user.email, json.user.first_name], [address, 'Grace']);
      await changeSettings(server, usual);
    });

    it('is not offered where it is off, however it is asked for', async () => {
      await changeSettings(server, { magicAuthSignIn: false });
      const { email } = await makeUser(server);
      const browser = await atPassword(email);
      assert.doesNotMatch(browser.text, /sign-in\/code\/send/);
      const { csrf = '' } = browser.form('/sign-in/password').hidden;
      const mails = (await server.mails(email)).length;
      await browser.post(browser.path.replace('/password', '/code/send'), { csrf, step: 'send_code' });
      assert.equal((await server.mails(email)).length, mails);
      await changeSettings(server, usual);
    });

    it('does not pass by a second factor', async () => {
      await changeSettings(server, { mfa: 'required' });
      const { email } = await makeUser(server);
      const browser = await atCode(email);
      const answer = await enter(browser, await server.codeFor(email)).catch(() => null);
      assert.equal(answer?.location ?? null, null);
      await changeSettings(server, usual);
    });
  });

  describe('a forgotten password', () => {
    const forget = async (email: string, browser?: TestBrowser): Promise<TestBrowser> => {
      const asking = await atPassword(email, browser);
      const href = /href="(\/forgot-password[^"]*)"/.exec(asking.text)?.[1] ?? assert.fail('no link');
      await asking.open(href);
      await asking.submit({ email }, '/forgot-password');
      return asking;
    };

    it('is answered the same for every address', async () => {
      const shown = async (email: string) =>
        (await forget(email)).text.replaceAll(email, 'EMAIL').replace(/attempt_\w+|nonce="[^"]+"|sent=[^"]+/g, '');
      const unknown = newAddress();
      assert.equal(await shown((await makeUser(server)).email), await shown(unknown));
      assert.match((await server.mails(unknown))[0]?.subject ?? '', /^No account/);
    });

    it('is set anew with the link, which looking does not spend, and goes on with the sign-in of this browser (UI 22)', async () => {
      const { email } = await makeUser(server);
      const browser = await forget(email);
      const link = await linkFor(email);
      // A scanner looks at it first, as often as it likes.
      for (let n = 0; n < 3; n++) assert.equal((await server.browser().open(link)).status, 200);
      await browser.open(link);
      const weak = await browser.submit({ password: 'password' }, '/reset-password');
      assert.equal(weak.status, 422);
      const { action, hidden } = browser.form('/reset-password');
      const done = await browser.submit({ password: newPassword }, '/reset-password');
      const { json } = await server.token(byCode(codeOf(done)));
      assert.deepEqual([json.user.email, json.authentication_method], [email, 'Password']);
      const again = await browser.post(action, { ...hidden, password: goodPassword });
      assert.equal(again.status, 400);
      assert.match(again.text, /That link no longer works/);
      const old = await atPassword(email);
      assert.equal((await old.submit({ password: goodPassword }, '/sign-in/password')).status, 401);
      assert.ok(codeOf(await old.submit({ password: newPassword }, '/sign-in/password')));
    });

    it('works with the newest link alone; an older one says so, and mails another at a click', async () => {
      const { email } = await makeUser(server);
      const older = [];
      for (let n = 0; n < 2; n++) {
        await forget(email);
        older.push(await linkFor(email));
      }
      const late = server.browser();
      await late.open(older[1] ?? '');
      const parked = late.form('/reset-password');
      await forget(email);
      // A form that was open meanwhile changes nothing either.
      const tried = await late.post(parked.action, { ...parked.hidden, password: newPassword });
      assert.deepEqual([tried.status, /There is a newer link/.test(tried.text)], [400, true]);
      for (const link of older) {
        const shown = await late.open(link);
        assert.deepEqual([shown.status, /There is a newer link/.test(shown.text)], [400, true]);
      }
      await late.submit({}, '/forgot-password');
      const newest = await linkFor(email);
      assert.ok(!older.includes(newest));
      await late.open(newest);
      assert.equal((await late.submit({ password: newPassword }, '/reset-password')).status, 200);
      assert.match((await late.open(older[0] ?? '')).text, /That link no longer works/);
    });

    it('signs nobody in who opens the link in another browser', async () => {
      const { email } = await makeUser(server);
      await forget(email);
      const thief = server.browser();
      await thief.open(await linkFor(email));
      const before = await waysIn(server);
      const done = await thief.submit({ password: newPassword }, '/reset-password');
      assert.deepEqual([done.status, done.location], [200, null]);
      assert.match(thief.text, /Your password was changed/);
      assert.match(thief.text, /href="http:\/\/localhost:3000\/login"/);
      assert.deepEqual(await waysIn(server), before);
    });

    it('still asks for a second factor', async () => {
      await changeSettings(server, { mfa: 'required' });
      const { email } = await makeUser(server);
      const browser = await forget(email);
      await browser.open(await linkFor(email));
      const answer = await browser.submit({ password: newPassword }, '/reset-password').catch(() => null);
      assert.equal(answer?.location ?? null, null);
      await changeSettings(server, usual);
    });

    it('takes no form of another site, and shows no token in an address', async () => {
      const { email } = await makeUser(server);
      await forget(email);
      const browser = server.browser();
      await browser.open(await linkFor(email));
      const { action, hidden } = browser.form('/reset-password');
      assert.doesNotMatch(action, /token/);
      const forged = { ...hidden, password: newPassword };
      assert.equal((await browser.post(action, forged, { origin: 'https://evil.example' })).status, 403);
      assert.equal((await browser.post(action, forged, { 'sec-fetch-site': 'cross-site' })).status, 403);
      assert.ok((await signIn(server, email)).code, 'the password was changed');
    });

    it('may be told on a page that no sign-in leads to', async () => {
      const browser = server.browser();
      await browser.open('/forgot-password');
      const { email } = await makeUser(server);
      await browser.submit({ email }, '/forgot-password');
      await browser.open(await linkFor(email));
      assert.equal((await browser.submit({ password: newPassword }, '/reset-password')).status, 200);
    });

    it('leads from a dead link to a new one of the same environment', async () => {
      const other = await otherEnvironment(server);
      const authorization = `Bearer ${other.apiKey}`;
      const email = 'only-there@example.com';
      await server.api('POST', '/user_management/users', { email, email_verified: true }, { authorization });
      const { json } = await server.api('POST', '/user_management/password_reset', { email }, { authorization });
      server.clock.advance(2 * 3600);
      const browser = server.browser();
      const dead = await browser.open(json.password_reset_url);
      const [, again = ''] = /href="(\/forgot-password[^"]*)"/.exec(dead.text) ?? [];
      await browser.open(again.replaceAll('&amp;', '&'));
      await browser.submit({ email }, '/forgot-password');
      await browser.open(await linkFor(email));
      assert.equal((await browser.submit({ password: newPassword }, '/reset-password')).status, 200);
    });

    it('goes on from the address an app was given the token for', async () => {
      const { email } = await makeUser(server);
      const { json } = await server.api('POST', '/user_management/password_reset', { email });
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ password_reset_token: json.password_reset_token, state: 'kept' }));
      assert.match(browser.path, /^\/reset-password\?/);
      const done = await browser.submit({ password: newPassword }, '/reset-password');
      assert.equal(done.location?.searchParams.get('state'), 'kept');
      assert.ok(codeOf(done));
    });
  });
});
