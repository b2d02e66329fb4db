/** Codes from mails at the token endpoint, and attacks on them. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { grantTypes } from '../../src/protocol/index.ts';
import { type Answer, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { changeSettings, eventsNamed, makeUser, otherEnvironment, waysIn } from './steps.ts';

const other = (code: string): string => (code === '000000' ? '000001' : '000000');
const codeOf = ({ status, json }: Answer) => [status, json?.code];

const askFor = async (server: TestServer, email: string): Promise<string> =>
  (await server.api('POST', '/user_management/magic_auth', { email })).json.code;

const byMagicCode = (server: TestServer, email: string, code: string, more: Record<string, string | null> = {}) =>
  server.token({ grant_type: grantTypes.magicAuthCode, email, code, ...more });

onEachEngine('the grant of a magic auth code', (start) => {
  it('signs in whoever has the code, and up who was not there before', async () => {
    await using server = await start();
    const code = await askFor(server, 'Ada@example.com');
    const { status, json } = await byMagicCode(server, 'ada@EXAMPLE.com', code);
    assert.equal(status, 200);
    assert.deepEqual([json.authentication_method, json.user.email_verified], ['MagicAuth', true]);
    const [session] = (await server.api('GET', `/user_management/users/${json.user.id}/sessions`)).json.data;
    assert.equal(session.auth_method, 'magic_code');
    const [event] = await eventsNamed(server, 'authentication.magic_auth_succeeded');
    assert.deepEqual([event?.type, event?.user_id, event?.status], ['magic_auth', json.user.id, 'succeeded']);
    assert.deepEqual(codeOf(await byMagicCode(server, 'ada@example.com', code)), [
      400,
      'one_time_code_previously_used',
    ]);
  });

  it('refuses each wrong way by its name, in the shape without error', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const code = await askFor(server, email);
    const wrong = await byMagicCode(server, email, other(code));
    assert.deepEqual([...codeOf(wrong), 'error' in wrong.json], [400, 'invalid_one_time_code', false]);
    for (let n = 0; n < 4; n++) await byMagicCode(server, email, other(code));
    assert.deepEqual(codeOf(await byMagicCode(server, email, code)), [400, 'one_time_code_too_many_attempts']);
    const late = await askFor(server, email);
    server.clock.advance(601);
    assert.deepEqual(codeOf(await byMagicCode(server, email, late)), [400, 'one_time_code_expired']);
    const second = await askFor(server, email);
    const linked = await byMagicCode(server, email, second, { link_authorization_code: 'x' });
    assert.deepEqual([linked.status, linked.json.error], [400, 'invalid_link_authorization_code']);
    assert.equal((await byMagicCode(server, email, second, { client_secret: null })).json.error, 'unauthorized_client');
    await changeSettings(server, { magicAuthSignIn: false });
    const off = await byMagicCode(server, email, second);
    assert.deepEqual([off.status, off.json.error], [400, 'authentication_method_not_allowed']);
  });

  it('takes the code of an app that a newer one, or a sign-in at the pages, came after', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const first = await askFor(server, email);
    for (let n = 0; n < 10; n++) await askFor(server, email);
    const stranger = server.browser();
    await stranger.open(server.authorizeUrl());
    await stranger.submit({ email }, '/sign-in?');
    await stranger.submit({}, '/sign-in/code/send');
    const { action, hidden } = stranger.form('/sign-in/code?');
    const ofPage = await server.codeFor(email);
    if (ofPage !== first) {
      // Nobody signs in at the pages with a code that an app asked for, or uses up its tries there.
      for (let n = 0; n < 5; n++)
        assert.equal((await stranger.post(action, { ...hidden, code: first })).location, null);
    }
    assert.equal((await byMagicCode(server, email, first)).status, 200);
    assert.deepEqual(codeOf(await byMagicCode(server, email, first)), [400, 'one_time_code_previously_used']);
  });

  it('is nothing for another user, in another environment, or for another purpose', async () => {
    await using server = await start();
    const [ada, eve] = [await makeUser(server), await makeUser(server, { email_verified: false })];
    const code = await askFor(server, ada.email);
    await askFor(server, eve.email);
    const before = await waysIn(server);
    const elsewhere = await otherEnvironment(server);
    const foreign = { client_id: elsewhere.clientId, client_secret: elsewhere.apiKey };
    assert.equal((await byMagicCode(server, ada.email, code, foreign)).status, 400);
    const swapped = await byMagicCode(server, eve.email, code);
    assert.ok(swapped.status === 400 || code === (await server.codeFor(eve.email)));
    await server.api('POST', `/user_management/users/${eve.id}/email_verification/send`);
    const verification = await server.codeFor(eve.email);
    assert.equal((await byMagicCode(server, eve.email, verification)).status, 400);
    assert.deepEqual(await waysIn(server), before);
  });

  it('gives one of N redemptions in parallel the session', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const code = await askFor(server, email);
    const answers = await Promise.all(Array.from({ length: 10 }, () => byMagicCode(server, email, code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal((await waysIn(server)).sessions, 1);
  });

  it('says the same of an address nobody has', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    for (let n = 0; n < 12; n++) {
      const [known, unknown] = [
        await byMagicCode(server, email, '000000'),
        await byMagicCode(server, 'nobody@example.com', '000000'),
      ];
      assert.deepEqual([known.status, known.json], [unknown.status, unknown.json], `try ${n}`);
    }
  });

  it('forgets a password that was set before anybody had proved the address', async () => {
    await using server = await start();
    // As a stranger's sign-up at an app with pages of its own leaves it.
    const { email, id } = await makeUser(server, { email_verified: false });
    const code = await askFor(server, email);
    assert.equal((await byMagicCode(server, email, code)).status, 200);
    const planted = await server.token({ grant_type: grantTypes.password, email, password: goodPassword });
    assert.deepEqual(codeOf(planted), [400, 'invalid_credentials']);
    assert.deepEqual(await eventsNamed(server, 'user.claimed'), [{ id }]);
  });

  it('does not pass by a second factor', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    await changeSettings(server, { mfa: 'required' });
    const answer = await byMagicCode(server, email, await askFor(server, email));
    assert.deepEqual(codeOf(answer), [403, 'mfa_enrollment']);
  });

  it('opens a locked password', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const byPassword = (password: string) => server.token({ grant_type: grantTypes.password, email, password });
    for (let n = 0; n < 10; n++) assert.deepEqual(codeOf(await byPassword('wrong')), [400, 'invalid_credentials']);
    const limited = await byPassword(goodPassword);
    assert.equal(limited.status, 429);
    assert.ok(Number(limited.headers.get('retry-after')) > 0);
    assert.equal((await byMagicCode(server, email, await askFor(server, email))).status, 200);
    assert.equal((await byPassword(goodPassword)).status, 200);
  });
});

onEachEngine('the grant of an email verification code', (start) => {
  const interrupted = async (server: TestServer) => {
    const user = await makeUser(server, { email_verified: false });
    const { email } = user;
    const { status, json } = await server.token({ grant_type: grantTypes.password, email, password: goodPassword });
    assert.deepEqual([status, json.code, json.email], [403, 'email_verification_required', email]);
    return { user, json, token: json.pending_authentication_token as string, code: await server.codeFor(email) };
  };
  const confirm = (server: TestServer, token: string, code: string) =>
    server.token({ grant_type: grantTypes.emailVerificationCode, pending_authentication_token: token, code });

  it('finishes the sign-in that was interrupted', async () => {
    await using server = await start();
    const { json, token, code } = await interrupted(server);
    const shown = await server.api('GET', `/user_management/email_verification/${json.email_verification_id}`);
    assert.equal(shown.json.code, code);
    assert.deepEqual(codeOf(await confirm(server, token, other(code))), [400, 'invalid_one_time_code']);
    const done = await confirm(server, token, code);
    assert.equal(done.status, 200);
    assert.deepEqual([done.json.authentication_method, done.json.user.email_verified], ['Password', true]);
    assert.deepEqual(codeOf(await confirm(server, token, code)), [400, 'invalid_pending_authentication_token']);
  });

  it('takes a code that the app had sent again', async () => {
    await using server = await start();
    const { user, token } = await interrupted(server);
    await server.api('POST', `/user_management/users/${user.id}/email_verification/send`);
    assert.equal((await confirm(server, token, await server.codeFor(user.email))).status, 200);
  });

  it('takes no code of somebody else, and no token of another sign-in', async () => {
    await using server = await start();
    const [ada, eve] = [await interrupted(server), await interrupted(server)];
    const before = await waysIn(server);
    if (ada.code !== eve.code) {
      assert.deepEqual(codeOf(await confirm(server, ada.token, eve.code)), [400, 'invalid_one_time_code']);
      assert.deepEqual(codeOf(await confirm(server, eve.token, ada.code)), [400, 'invalid_one_time_code']);
    }
    assert.deepEqual(codeOf(await confirm(server, `${ada.token}x`, ada.code)), [
      400,
      'invalid_pending_authentication_token',
    ]);
    assert.deepEqual(await waysIn(server), before);
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(server, ada.token, ada.code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });
});
