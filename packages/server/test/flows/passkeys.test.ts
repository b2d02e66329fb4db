/** Passkeys at the hosted pages: the forms that a browser's script fills in, filled in by an authenticator in software. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { listPasskeys, removeOwnPasskey } from '../../src/passkeys/index.ts';
import { removePasskey } from '../../src/passkeys/logic.ts';
import { claimUser } from '../../src/users/index.ts';
import { type Lies, SoftAuthenticator } from '../authenticator.ts';
import { type Answer, claimsOf, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { enable } from '../providers.ts';
import { givePasskey } from './passkey-steps.ts';
import { byCode, changeSettings, codeOf, eventsNamed, makeUser, otherEnvironment, signIn, waysIn } from './steps.ts';

/** What the script does: asks, lets the authenticator sign, sends the form. */
async function answerWith(
  browser: TestBrowser,
  authenticator: SoftAuthenticator,
  lies: Lies = {},
  form = browser.form('/sign-in/passkey?'),
): Promise<Answer> {
  const options = await ask(browser, form);
  assert.equal(options.status, 200, options.text);
  return browser.post(form.action, { ...form.hidden, credential: authenticator.get(options.json, lies) });
}

/** The question of a form. The page stays as it is. */
const ask = (browser: TestBrowser, { action, hidden }: ReturnType<TestBrowser['form']>): Promise<Answer> =>
  browser.clone().post(action.replace('?', '/options?'), hidden);

async function opened(server: TestServer, more: Record<string, string> = {}): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl(more));
  return browser;
}

/** Somebody with a passkey, and the authenticator that keeps it. */
async function withPasskey(server: TestServer, fields: Record<string, unknown> = {}) {
  const user = await makeUser(server, fields);
  const authenticator = new SoftAuthenticator(server.url);
  return { user, authenticator, passkey: await givePasskey(server, user.id, authenticator) };
}

/** Signs in with a password in a browser that could keep a passkey. @returns it, where the sign-in stands then */
async function atTheOffer(server: TestServer, email: string): Promise<{ browser: TestBrowser; answer: Answer }> {
  const browser = await opened(server);
  await browser.submit({ email, passkeys: '1' }, '/sign-in?');
  const answer = await browser.submit({ password: goodPassword }, '/sign-in/password?');
  return { browser, answer };
}

/** Signs in with a password. @returns the browser at the page that is due */
async function byPassword(server: TestServer, email: string): Promise<TestBrowser> {
  const browser = await opened(server);
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password?');
  return browser;
}

const neutral = /That passkey does not work here/;

onEachEngine('a passkey that comes or goes', (start) => {
  it('is told to the person by mail, whoever did it', async () => {
    await using server = await start();
    const { user, passkey } = await withPasskey(server);
    await removePasskey(server.running.services, systemTenant(server.environmentId), passkey.id);
    const subjects = (await server.mails(user.email)).map(({ subject }) => subject.split(' was ')[1]?.split(' ')[0]);
    assert.deepEqual(subjects, ['removed', 'added']);
  });
});

onEachEngine('a passkey where two factors are demanded of whoever signs in another way', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
    await changeSettings(server, { mfa: 'required' });
  });
  after(() => server[Symbol.asyncDispose]());

  const atSecond = async (email: string): Promise<TestBrowser> => {
    const browser = await byPassword(server, email);
    assert.match(browser.path, /^\/mfa\/passkey\?/);
    return browser;
  };

  it('is asked for, and lets nobody enrol an app of their own who has the password alone', async () => {
    const { user } = await withPasskey(server);
    const thief = await atSecond(user.email);
    const before = await waysIn(server);
    const due = thief.path;
    await thief.open(due.replace('/passkey', '/enroll'));
    assert.match(thief.path, /^\/sign-in\?/, 'a page that is not due shows itself');
    await thief.open(due);
    const { action, hidden } = thief.form('/mfa/passkey?');
    const path = action.replace('/passkey', '/enroll');
    await thief.post(path, { ...hidden, step: 'enroll_mfa', code: '123456' });
    assert.match(thief.path, /^\/mfa\/passkey\?/);
    const mallory = await withPasskey(server);
    const refused = await answerWith(thief, mallory.authenticator, {}, thief.form('/mfa/passkey?'));
    assert.equal(refused.status, 401);
    // Nor with a question that is asked of anybody.
    const asked = await thief.clone().post(action.replace('/mfa/passkey?', '/sign-in/passkey/options?'), hidden);
    const credential = mallory.authenticator.get(asked.json);
    assert.equal((await thief.post(action, { ...hidden, credential })).status, 401);
    assert.deepEqual(await waysIn(server), before);
    const factors = await server.api('GET', `/user_management/users/${user.id}/auth_factors`);
    assert.deepEqual(factors.json.data, []);
  });

  it('lets its owner in, once for each question, and the method stays the one they began with', async () => {
    const { user, authenticator } = await withPasskey(server);
    const browser = await atSecond(user.email);
    const form = browser.form('/mfa/passkey?');
    const credential = authenticator.get((await ask(browser, form)).json);
    const stolen = await atSecond(user.email);
    const other = stolen.form('/mfa/passkey?');
    assert.equal((await stolen.post(other.action, { ...other.hidden, credential })).status, 401);
    const again = authenticator.get((await ask(browser, form)).json);
    const done = await browser.post(form.action, { ...form.hidden, credential: again });
    const { json } = await server.token(byCode(codeOf(done)));
    assert.deepEqual([json.user.id, json.authentication_method], [user.id, 'Password']);
    const replayed = stolen.form('/mfa/passkey?');
    assert.equal((await stolen.post(replayed.action, { ...replayed.hidden, credential: again })).status, 401);
  });

  it('is told to apps as a challenge without a factor that they could ask for', async () => {
    const { user } = await withPasskey(server);
    const { status, json } = await server.token({ grant_type: 'password', email: user.email, password: goodPassword });
    assert.deepEqual([status, json.code, json.authentication_factors], [403, 'mfa_challenge', []]);
  });

  it('is asked for no more once an operator has removed it, or passkeys are off', async () => {
    const { user, passkey } = await withPasskey(server);
    const browser = await atSecond(user.email);
    await removePasskey(server.running.services, systemTenant(server.environmentId), passkey.id);
    await browser.open(browser.path);
    assert.match((await byPassword(server, user.email)).path, /^\/mfa\/enroll\?/);
    const other = await withPasskey(server);
    await changeSettings(server, { mfa: 'required', passkeySignIn: false });
    assert.match((await byPassword(server, other.user.email)).path, /^\/mfa\/enroll\?/);
  });
});

onEachEngine('a passkey at the first page', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  it('signs its user in, without an address and without a second factor', async () => {
    await changeSettings(server, { mfa: 'required' });
    const { user, authenticator } = await withPasskey(server);
    const browser = await opened(server, { state: 'kept' });
    const done = await answerWith(browser, authenticator);
    assert.equal(done.location?.searchParams.get('state'), 'kept');
    const { status, json } = await server.token(byCode(codeOf(done)));
    assert.equal(status, 200);
    assert.deepEqual([json.user.id, json.authentication_method], [user.id, 'Passkey']);
    assert.equal(claimsOf(json.access_token).sub, user.id);
    const [event] = await eventsNamed(server, 'sign_in.completed');
    assert.equal(event?.authentication_method, 'Passkey');
    await changeSettings(server, { mfa: 'optional' });
  });

  it('signs its user in from the page that asks for the password of another', async () => {
    const { user, authenticator } = await withPasskey(server);
    const browser = await opened(server);
    await browser.submit({ email: 'somebody.else@example.com' }, '/sign-in?');
    assert.match(browser.path, /^\/sign-in\/password/);
    const { json } = await server.token(byCode(codeOf(await answerWith(browser, authenticator))));
    assert.equal(json.user.id, user.id);
  });

  it('gets one sentence when it is unknown, another environment’s, deleted, or not believed', async () => {
    const { authenticator, passkey } = await withPasskey(server);
    const other = await otherEnvironment(server);
    const elsewhere = await opened(server, { client_id: other.clientId });
    const unknown = new SoftAuthenticator(server.url);
    unknown.create({ rp: {}, user: { id: 'x' }, challenge: 'x' });
    const before = await waysIn(server);
    const answers = [
      await answerWith(elsewhere, authenticator),
      await answerWith(await opened(server), unknown),
      await answerWith(await opened(server), authenticator, { userVerified: false }),
      await answerWith(await opened(server), authenticator, { origin: 'https://evil.example' }),
      await answerWith(await opened(server), authenticator, { brokenSignature: true }),
    ];
    const { services } = server.running;
    const mine = { userId: passkey.userId, authenticatedAt: services.now() };
    await services.db.transaction((tx) =>
      removeOwnPasskey(services, systemTenant(server.environmentId), tx, mine, passkey.id),
    );
    answers.push(await answerWith(await opened(server), authenticator));
    for (const { status, text, location } of answers) {
      assert.deepEqual([status, location], [401, null]);
      assert.match(text, neutral);
    }
    assert.deepEqual(await waysIn(server), before);
  });

  it('leaves the way on: the page that refused it takes the address', async () => {
    const { user, authenticator } = await withPasskey(server);
    const browser = await opened(server);
    await answerWith(browser, authenticator, { brokenSignature: true });
    await browser.submit({ email: user.email }, '/sign-in?');
    codeOf(await browser.submit({ password: goodPassword }, '/sign-in/password?'));
  });

  it('is not asked for, and not taken, where passkeys are switched off', async () => {
    const { authenticator } = await withPasskey(server);
    const browser = await opened(server);
    const form = browser.form('/sign-in/passkey?');
    const options = (await ask(browser, form)).json;
    await changeSettings(server, { passkeySignIn: false });
    assert.equal((await ask(browser, form)).json, null);
    const before = await waysIn(server);
    const refused = await browser.post(form.action, { ...form.hidden, credential: authenticator.get(options) });
    assert.equal(refused.location, null);
    assert.deepEqual(await waysIn(server), before);
    assert.doesNotMatch((await opened(server)).text, /passkey"/);
    await changeSettings(server, { passkeySignIn: true });
  });

  it('still has to prove the inbox where the policy says so', async () => {
    const { user, authenticator } = await withPasskey(server, { email_verified: false });
    const browser = await opened(server);
    const answer = await answerWith(browser, authenticator);
    assert.equal(answer.location, null);
    assert.match(browser.path, /^\/verify-email/);
    codeOf(await browser.submit({ code: await server.codeFor(user.email) }));
  });
});

onEachEngine('the question to a browser', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  it('is given to forms of our own page in the browser that began', async () => {
    const browser = await opened(server);
    const { action, hidden } = browser.form('/sign-in/passkey?');
    const path = action.replace('?', '/options?');
    const stranger = server.browser();
    assert.equal((await stranger.post(path, hidden)).status, 400);
    assert.equal((await browser.clone().post(path, { ...hidden, csrf: 'guessed' })).status, 403);
    assert.equal((await browser.clone().post(path, hidden, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await browser.clone().post(path, hidden, { 'sec-fetch-site': 'cross-site' })).status, 403);
    const { status, json, headers } = await browser.clone().post(path, hidden);
    assert.deepEqual([status, json.rpId, json.userVerification], [200, 'localhost', 'required']);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('is answered once, and by the browser that was asked', async () => {
    const { user, authenticator } = await withPasskey(server);
    const victim = await opened(server);
    const form = victim.form('/sign-in/passkey?');
    const credential = authenticator.get((await ask(victim, form)).json);
    // Somebody saw the signature, and sends it from a sign-in of their own.
    const thief = await opened(server);
    const theirs = thief.form('/sign-in/passkey?');
    const before = await waysIn(server);
    assert.match((await thief.post(theirs.action, { ...theirs.hidden, credential })).text, neutral);
    assert.deepEqual(await waysIn(server), before);
    // The honest browser's form, twenty times at once: one code, wherever they all end.
    const done = await Promise.all(
      Array.from({ length: 20 }, () => victim.clone().post(form.action, { ...form.hidden, credential })),
    );
    const codes = new Set(done.flatMap(({ location }) => location?.searchParams.get('code') ?? []));
    assert.equal(codes.size, 1);
    assert.equal((await waysIn(server)).codes, before.codes + 1);
    const told = await eventsNamed(server, 'authentication.passkey_succeeded');
    assert.equal(told.filter(({ user_id }) => user_id === user.id).length, 1);
  });
});

onEachEngine('the offer of a passkey', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  it('comes after a password, makes one, and the next sign-in needs nothing else', async () => {
    const { email, id } = await makeUser(server);
    const { browser, answer } = await atTheOffer(server, email);
    assert.deepEqual([answer.location, browser.path.split('?')[0]], [null, '/passkey']);
    const authenticator = new SoftAuthenticator(server.url);
    const form = browser.form('/passkey?');
    const credential = authenticator.create((await ask(browser, form)).json);
    const { json } = await server.token(
      byCode(codeOf(await browser.post(form.action, { ...form.hidden, credential }))),
    );
    // The sign-in was by password; the passkey came after it.
    assert.deepEqual([json.user.id, json.authentication_method], [id, 'Password']);
    const next = await answerWith(await opened(server), authenticator);
    assert.equal((await server.token(byCode(codeOf(next)))).json.authentication_method, 'Passkey');
    // Whoever has one is not asked again.
    codeOf((await atTheOffer(server, email)).answer);
  });

  it('takes no for an answer: for two weeks, or for good', async () => {
    for (const [said, again] of [
      ['later', true],
      ['never', false],
    ] as const) {
      const { email } = await makeUser(server);
      const { browser } = await atTheOffer(server, email);
      codeOf(await browser.submit({ answer: said }, '/passkey/answer?'));
      codeOf((await atTheOffer(server, email)).answer);
      server.clock.advance(14 * 24 * 3600);
      assert.equal((await atTheOffer(server, email)).answer.location === null, again, said);
    }
  });

  it('is not made without script, without an authenticator, or where it is switched off', async () => {
    const { email } = await makeUser(server);
    codeOf((await signIn(server, email)).done);
    for (const off of [{ offerPasskeys: false }, { offerPasskeys: true, passkeySignIn: false }]) {
      await changeSettings(server, off);
      codeOf((await atTheOffer(server, email)).answer);
    }
    await changeSettings(server, { passkeySignIn: true });
    assert.equal((await atTheOffer(server, email)).answer.location, null);
  });

  it('comes after a provider', async () => {
    await enable(server, 'GitHubOAuth');
    const browser = await opened(server);
    await browser.submit({ provider: 'GitHubOAuth', passkeys: '1' }, '/sign-in/social');
    await browser.submit({ persona: 'verified', email: 'octo@example.com' });
    await browser.submit({ code: await server.codeFor('octo@example.com') }, '/verify-email?');
    assert.match(browser.path, /^\/passkey/);
    const done = await browser.submit({ answer: 'later' }, '/passkey/answer?');
    assert.equal((await server.token(byCode(codeOf(done)))).json.authentication_method, 'GitHubOAuth');
  });

  it('remembers what the browser said with a form that led nowhere, as one does that leaves for a provider', async () => {
    const { email } = await makeUser(server);
    const browser = await opened(server);
    await browser.submit({ email: 'not an address', passkeys: '1' }, '/sign-in?');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password?');
    assert.match(browser.path, /^\/passkey/);
  });

  it('comes after a sign-up too, once the inbox is proved', async () => {
    const email = 'ada@example.com';
    const browser = await opened(server, { screen_hint: 'sign-up' });
    await browser.submit({ email, password: goodPassword, passkeys: '1' });
    assert.match(browser.path, /^\/verify-email/);
    await browser.submit({ code: await server.codeFor(email) });
    assert.match(browser.path, /^\/passkey/);
    codeOf(await browser.submit({ answer: 'later' }, '/passkey/answer?'));
  });

  it('gives nobody a way in before everything is proved', async () => {
    const { email, id } = await makeUser(server, { email_verified: false });
    const browser = await opened(server);
    const attempt = /attempt=(attempt_\w+)/.exec(browser.path)?.[1] ?? '';
    const authenticator = new SoftAuthenticator(server.url);
    const attack = async (where: string) => {
      const { csrf = '' } = browser.form().hidden;
      const fields = { csrf, step: 'offer_passkey', passkeys: '1' };
      const options = await browser.clone().post(`/passkey/options?attempt=${attempt}`, fields);
      assert.equal(options.json, null, where);
      // The question of the sign-in page, answered with a new passkey.
      const asked = await browser.clone().post(`/sign-in/passkey/options?attempt=${attempt}`, fields);
      const credential = authenticator.create({ rp: {}, user: { id: 'AAAA' }, challenge: asked.json.challenge });
      for (const path of ['/passkey', '/passkey/answer']) {
        const answer = await browser
          .clone()
          .post(`${path}?attempt=${attempt}`, { ...fields, credential, answer: 'later' });
        assert.equal(answer.location, null, `${where} ${path}`);
      }
      await browser.clone().open(`/passkey?attempt=${attempt}`);
    };
    const before = await waysIn(server);
    await attack('at the beginning');
    await browser.submit({ email, passkeys: '1' }, '/sign-in?');
    await attack('with an address');
    await browser.submit({ password: goodPassword }, '/sign-in/password?');
    await attack('with a password, before the inbox is proved');
    assert.deepEqual(await waysIn(server), before);
    const made = await eventsNamed(server, 'passkey.created');
    assert.deepEqual(
      made.filter(({ user_id }) => user_id === id),
      [],
    );
  });

  it('keeps one passkey of many forms at once, and ends at one code', async () => {
    const { email, id } = await makeUser(server);
    const { browser } = await atTheOffer(server, email);
    const form = browser.form('/passkey?');
    const credential = new SoftAuthenticator(server.url).create((await ask(browser, form)).json);
    const done = await Promise.all(
      Array.from({ length: 10 }, () => browser.clone().post(form.action, { ...form.hidden, credential })),
    );
    assert.equal(new Set(done.flatMap(({ location }) => location?.searchParams.get('code') ?? [])).size, 1);
    const made = await eventsNamed(server, 'passkey.created');
    assert.equal(made.filter(({ user_id }) => user_id === id).length, 1);
  });

  it('keeps none for a sign-in whose proofs were forgotten while the form was on its way', async () => {
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    const { email, id } = await makeUser(server);
    const { browser } = await atTheOffer(server, email);
    const form = browser.form('/passkey?');
    const credential = new SoftAuthenticator(server.url).create((await ask(browser, form)).json);
    // The owner of the inbox claims the account at the same time: whoever is first, no passkey of before is left.
    await Promise.all([
      browser.clone().post(form.action, { ...form.hidden, credential }),
      services.db.transaction((tx) => claimUser(services, tenant, tx, id)),
    ]);
    const page = { limit: 10, order: 'asc' } as const;
    assert.deepEqual((await listPasskeys(services.db, tenant, id, page)).rows, []);
  });

  it('says what went wrong and stays', async () => {
    const { email } = await makeUser(server);
    const { browser } = await atTheOffer(server, email);
    const { status, text } = await browser.submit({ credential: '' }, '/passkey?');
    assert.equal(status, 422);
    assert.match(text, /No passkey was made/);
    codeOf(await browser.submit({ answer: 'later' }, '/passkey/answer?'));
  });
});

onEachEngine('a passkey that is taken away', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  it('finishes no sign-in that it began', async () => {
    const { user, authenticator, passkey } = await withPasskey(server, { email_verified: false });
    const browser = await opened(server);
    await answerWith(browser, authenticator);
    const code = await server.codeFor(user.email);
    const { services } = server.running;
    const mine = { userId: user.id, authenticatedAt: services.now() };
    await services.db.transaction((tx) =>
      removeOwnPasskey(services, systemTenant(server.environmentId), tx, mine, passkey.id),
    );
    assert.equal((await browser.submit({ code })).location, null);
    assert.deepEqual(await waysIn(server), { codes: 0, browsers: 0, sessions: 0 });
  });
});
