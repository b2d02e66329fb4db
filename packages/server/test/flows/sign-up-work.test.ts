/** What a sign-up costs a program: work for every account, or an inbox of its own for each. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { forgetEverything, randomBase62, sql } from '../../src/core/index.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { solveWork } from '../solve-work.ts';
import { changeSettings, codeOf, makeUser, signIn, waysIn } from './steps.ts';

const newAddress = (): string => `${randomBase62(10).toLowerCase()}@example.com`;

onEachEngine('signing up where it costs work', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
    await changeSettings(server, { signUpProofOfWork: true });
  });
  after(() => server[Symbol.asyncDispose]());

  const openSignUp = async (browser = server.browser()): Promise<TestBrowser> => {
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    return browser;
  };
  const challengeOf = (browser: TestBrowser): string => browser.form('/sign-up').hidden.challenge ?? '';
  const userOf = async (email: string) =>
    (await server.api('GET', `/user_management/users?email=${email}`)).json.data[0] ?? null;
  const accounts = async (): Promise<number> =>
    (await server.running.services.db.one(sql<{ n: number }>`select count(*) as n from users`)).n;

  it('makes the account at once for a browser that did it', async () => {
    const browser = await openSignUp();
    const email = newAddress();
    await browser.submit({ email, password: goodPassword, proof: await solveWork(challengeOf(browser)) });
    assert.match(browser.path, /^\/verify-email/);
    assert.equal((await userOf(email)).email_verified, false);
    assert.ok(codeOf(await browser.submit({ code: await server.codeFor(email) })));
  });

  describe('without it', () => {
    it('writes nothing before the code from the mail, and then everything', async () => {
      const browser = await openSignUp();
      const email = newAddress();
      const before = await accounts();
      await browser.submit({ email, password: goodPassword, first_name: 'Ada', last_name: 'Lovelace' });
      assert.match(browser.path, /^\/verify-email/, 'another page than everybody sees');
      assert.equal(await accounts(), before);
      const wrong = await browser.submit({ code: '000000' });
      assert.deepEqual([wrong.status, await accounts()], [422, before]);
      assert.ok(codeOf(await browser.submit({ code: await server.codeFor(email) })));
      const user = await userOf(email);
      assert.deepEqual([user.email_verified, user.first_name, user.last_name], [true, 'Ada', 'Lovelace']);
      assert.ok((await signIn(server, email)).code, 'the password is not the chosen one');
    });

    it('is a program’s way to a thousand mails and to no account', async () => {
      const before = { accounts: await accounts(), ways: await waysIn(server) };
      for (const proof of ['', 'x', '0'.repeat(31), Array(16).fill('0').join('.')]) {
        const browser = await openSignUp();
        await browser.submit({ email: newAddress(), password: goodPassword, proof });
        for (let n = 0; n < 6; n++) await browser.submit({ code: String(n).repeat(6) });
      }
      assert.deepEqual({ accounts: await accounts(), ways: await waysIn(server) }, before);
    });

    it('resends a code that takes the place of the first', async () => {
      const browser = await openSignUp();
      const email = newAddress();
      await browser.submit({ email, password: goodPassword });
      const first = await server.codeFor(email);
      server.clock.advance(31);
      await browser.submit({}, '/verify-email/resend');
      const second = await server.codeFor(email);
      if (first !== second) assert.equal((await browser.submit({ code: first }, '/verify-email?')).status, 422);
      assert.ok(codeOf(await browser.submit({ code: second }, '/verify-email?')));
    });

    it('makes one account of a code that is sent many times at once', async () => {
      const browser = await openSignUp();
      const email = newAddress();
      await browser.submit({ email, password: goodPassword });
      const code = await server.codeFor(email);
      const { action, hidden } = browser.form('/verify-email?');
      const before = await accounts();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => browser.clone().post(action, { ...hidden, code })),
      );
      assert.equal(await accounts(), before + 1);
      const codes = answers.flatMap(({ location }) => location?.searchParams.get('code') ?? []);
      assert.equal(new Set(codes).size, 1);
    });

    it('opens nobody’s account: a code for another attempt’s password, or for a known address, gives nothing', async () => {
      const email = newAddress();
      const attacker = await openSignUp();
      await attacker.submit({ email, password: 'the attacker’s own phrase' });
      const owner = await openSignUp();
      await owner.submit({ email, password: goodPassword });
      assert.ok(codeOf(await owner.submit({ code: await server.codeFor(email) })));
      const late = await attacker.submit({ code: await server.codeFor(email) });
      assert.equal(late.location, null);
      const known = await makeUser(server);
      const again = await openSignUp();
      await again.submit({ email: known.email, password: 'the attacker’s own phrase' });
      assert.match((await server.mails(known.email))[0]?.subject ?? '', /already have an account/);
      assert.ok((await signIn(server, email)).code);
    });
  });

  describe('a solution', () => {
    it('of another attempt, another challenge or ten minutes ago is none', async () => {
      const [mine, other] = [await openSignUp(), await openSignUp()];
      const challenge = challengeOf(other);
      const proof = await solveWork(challenge);
      const before = await accounts();
      await mine.submit({ email: newAddress(), password: goodPassword, challenge, proof });
      assert.match(mine.path, /^\/verify-email/);
      const swapped = await openSignUp();
      await swapped.submit({ email: newAddress(), password: goodPassword, proof });
      assert.equal(await accounts(), before);
      await other.submit({ email: newAddress(), password: goodPassword, proof });
      assert.equal(await accounts(), before + 1);
    });

    it('makes one account, however many forms it is sent with at once', async () => {
      const browser = await openSignUp();
      const { action, hidden } = browser.form('/sign-up');
      const proof = await solveWork(hidden.challenge ?? '');
      const before = await accounts();
      await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          browser.clone().post(action, { ...hidden, proof, email: `${n}.${newAddress()}`, password: goodPassword }),
        ),
      );
      assert.equal(await accounts(), before + 1);
    });

    it('that was used brings the page again with new work', async () => {
      const browser = await openSignUp();
      const { action, hidden } = browser.form('/sign-up');
      const proof = await solveWork(hidden.challenge ?? '');
      const first = newAddress();
      await browser.submit({ email: first, password: goodPassword, proof });
      const before = await accounts();
      // Back, another address, and the same form once more.
      const again = await browser.post(action, { ...hidden, proof, email: newAddress(), password: goodPassword });
      assert.equal(again.status, 422);
      assert.notEqual(challengeOf(browser), hidden.challenge);
      assert.equal(await accounts(), before);
    });

    it('is not used up by a form with a fault', async () => {
      const browser = await openSignUp();
      const { action, hidden } = browser.form('/sign-up');
      const proof = await solveWork(hidden.challenge ?? '');
      const email = newAddress();
      assert.equal((await browser.post(action, { ...hidden, proof, email, password: 'short' })).status, 422);
      await browser.post(action, { ...hidden, proof, email, password: goodPassword });
      assert.ok(await userOf(email));
    });
  });

  it('asks for nothing where it is off, and never of those who run the installation', async () => {
    await using own = await start();
    const { email } = await own.create.user();
    assert.ok(email);
    const browser = own.browser();
    await browser.open(own.authorizeUrl({ screen_hint: 'sign-up' }));
    assert.equal(browser.form('/sign-up').hidden.challenge, undefined);
    const { services } = own.running;
    await services.db.run(sql`update environments set sign_in_json = ${JSON.stringify({ signUpProofOfWork: true })}`);
    forgetEverything();
    const owner = own.browser();
    await owner.open(own.running.dashboardUrl);
    await owner.submit({ email: 'owner@example.com' });
    assert.equal(owner.form().hidden.challenge, undefined);
    await owner.submit({ email: 'owner@example.com', password: goodPassword });
    await owner.submit({ code: await own.codeFor('owner@example.com') });
    assert.ok(owner.cookies.get('authkit-operator'));
  });
});

onEachEngine('a sign-up by the code of the sign-in page', (start) => {
  const users = async (server: TestServer): Promise<number> =>
    (await server.running.services.db.one(sql<{ n: number }>`select count(*) as n from users`)).n;
  /** As far as the code takes somebody with this address. */
  const withCode = async (server: TestServer, email: string) => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({}, '/sign-in/code/send');
    return { browser, answer: await browser.submit({ code: await server.codeFor(email) }, '/sign-in/code?') };
  };

  it('counts as a sign-up, once the inbox is proved, and lets people with an account in meanwhile', async () => {
    await using server = await start();
    await changeSettings(server, { productionLimits: true, signUpProofOfWork: true });
    const known = await makeUser(server);
    const before = await users(server);
    for (let n = 0; n < 26; n++) {
      // Below the limit of posts of a minute.
      if (n % 10 === 9) server.clock.advance(61);
      const { browser, answer } = await withCode(server, newAddress());
      if (n < 20) assert.ok(codeOf(answer), `sign-up ${n + 1}`);
      else assert.match(browser.path, /^\/sign-up\/finish/);
    }
    assert.equal(await users(server), before + 20);
    const { browser } = await withCode(server, newAddress());
    const refused = await browser.submit({ first_name: 'Ada' }, '/sign-up/finish');
    assert.deepEqual([refused.status, Number(refused.headers.get('retry-after')) > 0], [429, true]);
    assert.ok(codeOf((await withCode(server, known.email)).answer));
    assert.equal(await users(server), before + 20);
  });

  it('asks for the names the app must have before there is an account, and then signs in', async () => {
    await using server = await start();
    await changeSettings(server, { signUpNames: 'required', termsUrl: 'https://acme.example/terms' });
    const before = await users(server);
    const email = newAddress();
    const { browser } = await withCode(server, email);
    assert.match(browser.path, /^\/sign-up\/finish/);
    assert.match(browser.text, /https:\/\/acme\.example\/terms/);
    const nameless = await browser.submit({ first_name: ' ', last_name: '' }, '/sign-up/finish');
    assert.deepEqual([nameless.status, await users(server)], [422, before]);
    const { action, hidden } = browser.form('/sign-up/finish');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        browser.clone().post(action, { ...hidden, first_name: 'Ada', last_name: 'Lovelace' }),
      ),
    );
    assert.equal(await users(server), before + 1);
    const codes = new Set(answers.flatMap(({ location }) => location?.searchParams.get('code') ?? []));
    const [code = ''] = codes;
    assert.equal(codes.size, 1);
    const { json } = await server.token({ grant_type: 'authorization_code', code });
    assert.deepEqual(
      [json.user.email, json.user.email_verified, json.user.first_name, json.authentication_method],
      [email, true, 'Ada', 'MagicAuth'],
    );
  });

  it('gives nothing to whoever comes to its page without the code, or after somebody made the account', async () => {
    await using server = await start();
    await changeSettings(server, { signUpNames: 'required' });
    const before = { users: await users(server), ways: await waysIn(server) };
    const early = server.browser();
    await early.open(server.authorizeUrl());
    await early.submit({ email: newAddress() }, '/sign-in?');
    const { csrf = '' } = early.form('/sign-in/password').hidden;
    const finish = early.path.replace('/sign-in/password', '/sign-up/finish');
    await early.post(finish, { csrf, step: 'make_account', first_name: 'A', last_name: 'B' });
    assert.match(early.path, /^\/sign-in\/password/);
    assert.deepEqual({ users: await users(server), ways: await waysIn(server) }, before);

    const email = newAddress();
    const { browser: late } = await withCode(server, email);
    await makeUser(server, { email });
    const ways = await waysIn(server);
    await late.submit({ first_name: 'A', last_name: 'B' }, '/sign-up/finish');
    assert.match(late.path, /^\/sign-in\/password/);
    assert.deepEqual(await waysIn(server), ways);
    const [other, last] = [await withCode(server, newAddress()), await users(server)];
    await changeSettings(server, { signUp: 'invite_only' });
    await other.browser.submit({ first_name: 'A', last_name: 'B' }, '/sign-up/finish');
    assert.deepEqual([await users(server), await waysIn(server)], [last, ways], 'sign-up was closed meanwhile');
  });

  it('keeps the names that a sign-up without passwords was told, where no browser did its work', async () => {
    await using server = await start();
    await changeSettings(server, { passwordSignIn: false, signUpNames: 'required', signUpProofOfWork: true });
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    const [email, before] = [newAddress(), await users(server)];
    await browser.submit({ email, first_name: 'Ada', last_name: 'Lovelace' }, '/sign-up');
    assert.equal(await users(server), before);
    const done = await browser.submit({ code: await server.codeFor(email) }, '/sign-in/code?');
    const { json } = await server.token({ grant_type: 'authorization_code', code: codeOf(done) });
    assert.deepEqual([json.user.first_name, json.user.last_name], ['Ada', 'Lovelace']);
  });
});

onEachEngine('the form of a sign-up', (start) => {
  it('takes names as the API does: not longer, and nothing that cannot be shown', async () => {
    await using server = await start();
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    const email = newAddress();
    for (const name of ['x'.repeat(257), 'Ada\u0000', 'A\u0007da', 'Ada\u001b[31m', '\ud800']) {
      const { status, text } = await browser.submit({ email, password: goodPassword, first_name: name });
      // Half a surrogate pair does not survive the form: it arrives as a replacement character, which can be shown.
      if (name === '\ud800') continue;
      assert.deepEqual([status, /Shorten this name/.test(text)], [422, true], JSON.stringify(name));
    }
  });

  it('is counted per network also when it is refused', async () => {
    await using server = await start({ stagingLimitFactor: 1 });
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    const statuses: number[] = [];
    for (let n = 0; n < 62; n++) {
      // Below the limit of posts of a minute.
      if (n % 50 === 49) server.clock.advance(61);
      statuses.push((await browser.submit({ email: newAddress(), password: 'short' })).status);
    }
    assert.deepEqual([statuses.filter((status) => status === 422).length, statuses.at(-1)], [60, 429]);
  });
});

onEachEngine('advice on a password', (start) => {
  it('is given to the page of an attempt, in its language, and to nobody else', async () => {
    await using server = await start();
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up', ui_locales: 'de' }));
    const { action, hidden } = browser.form('/sign-up');
    const path = action.replace('/sign-up', '/password-strength');
    const ask = (fields: Record<string, string>, headers?: Record<string, string>) =>
      browser.clone().post(path, { csrf: hidden.csrf ?? '', ...fields }, headers);

    const strong = await ask({ password: 'wp7Lz!q92mKe', email: 'ada@example.com' });
    assert.deepEqual([strong.status, strong.json.score, strong.json.is_accepted], [200, 4, true]);
    const weak = await ask({ password: 'qwertyuiop' });
    assert.deepEqual([weak.json.score, weak.json.is_accepted], [0, false]);
    assert.match(weak.json.advice, /Passw/i);
    assert.equal(
      (await ask({ password: 'ada.lovelace 1', email: 'ada.lovelace@example.com' })).json.is_accepted,
      false,
    );
    assert.equal((await ask({ password: 'x', csrf: 'forged' })).status, 403);
    assert.equal((await ask({ password: 'x' }, { 'sec-fetch-site': 'cross-site' })).status, 403);
    const stranger = await server.browser().post(path, { csrf: hidden.csrf ?? '', password: 'wp7Lz!q92mKe' });
    assert.ok(stranger.status >= 400 && stranger.status < 500);
  });

  it('is given to the page of a reset link too, for the link, and spends nothing of it', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const browser = server.browser();
    await browser.open('/forgot-password');
    await browser.submit({ email }, '/forgot-password');
    const [mail] = await server.mails(email);
    const link = /\/reset-password\?token=\w+/.exec(mail?.text ?? '')?.[0] ?? '';
    await browser.open(link);
    const { token = '' } = browser.form('/reset-password').hidden;
    const ask = (password: string, sent = token) =>
      browser.clone().post('/reset-password/strength', { token: sent, password });
    assert.equal((await ask('wp7Lz!q92mKe')).json.is_accepted, true);
    assert.equal((await ask('qwertyuiop')).json.is_accepted, false);
    const unknown = await ask('wp7Lz!q92mKe', 'x'.repeat(43));
    assert.ok(unknown.status >= 400 && unknown.status < 500);
    const done = await browser.submit({ password: 'another perfectly fine one' }, '/reset-password');
    assert.ok(done.status < 400, String(done.status));
  });

  it('is limited, and changes nothing', async () => {
    await using server = await start({ stagingLimitFactor: 1 });
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    const { action, hidden } = browser.form('/sign-up');
    const path = action.replace('/sign-up', '/password-strength');
    const before = await waysIn(server);
    server.clock.moveTo(new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 500));
    const statuses: number[] = [];
    for (let n = 0; n < 125; n++) {
      const body = { csrf: hidden.csrf ?? '', password: 'short' };
      statuses.push((await browser.clone().post(path, body)).status);
    }
    assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.at(-1)], [120, 429]);
    assert.deepEqual(await waysIn(server), before);
    assert.ok((await browser.submit({ email: newAddress(), password: goodPassword })).status < 400);
  });
});
