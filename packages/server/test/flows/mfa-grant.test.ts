/** The second step of apps with pages of their own: `mfa_challenge` and `mfa_enrollment`, and everything that abuses them. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { grantTypes } from '../../src/protocol/index.ts';
import { type Answer, claimsOf, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { challengeAtApi, enrollAtApi, makeProtected } from './mfa-steps.ts';
import { asOperator, becomeOwner, changeSettings, eventsNamed, makeUser, otherEnvironment, waysIn } from './steps.ts';

const byPassword = (server: TestServer, email: string): Promise<Answer> =>
  server.token({ grant_type: 'password', email, password: goodPassword });

/** The token that the step-up gives. */
const pendingOf = async (server: TestServer, email: string): Promise<string> => {
  const { json, text } = await byPassword(server, email);
  assert.ok(json.pending_authentication_token, text);
  return json.pending_authentication_token;
};

const byTotp = (
  server: TestServer,
  pending_authentication_token: string,
  authentication_challenge_id: string,
  code: string,
  more: Record<string, string | null> = {},
): Promise<Answer> =>
  server.token({
    grant_type: 'urn:workos:oauth:grant-type:mfa-totp',
    pending_authentication_token,
    authentication_challenge_id,
    code,
    ...more,
  });

const codeOf = ({ status, json }: Answer): string => `${status} ${json.error ?? json.code}`;

onEachEngine('the grant mfa-totp', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  it('finishes what the password began', async () => {
    const { id, email, factorId, app } = await makeProtected(server);
    const { status, json } = await byPassword(server, email);
    assert.equal(status, 403);
    const { pending_authentication_token: pending, user, ...rest } = json;
    assert.deepEqual(rest, {
      code: 'mfa_challenge',
      message: 'The user must complete an MFA challenge to finish authenticating.',
      authentication_factors: [{ id: factorId, type: 'totp' }],
    });
    assert.equal(user.id, id);
    const challenge = await challengeAtApi(server, factorId);
    const done = await byTotp(server, pending, challenge, app.code(), {
      ip_address: '203.0.113.9',
      user_agent: 'Test',
    });
    assert.equal(done.status, 200, done.text);
    assert.equal(claimsOf(done.json.access_token).sub, id);
    const [event] = (await eventsNamed(server, 'authentication.mfa_succeeded'))
      .filter(({ user_id }) => user_id === id)
      .slice(-1);
    assert.deepEqual([event?.ip_address, event?.user_agent], ['203.0.113.9', 'Test']);
    server.clock.advance(30);
    const again = await byTotp(server, pending, await challengeAtApi(server, factorId), app.code());
    assert.equal(codeOf(again), '400 invalid_pending_authentication_token');
  });

  it('finishes an enrolment that was asked for', async () => {
    await changeSettings(server, { mfa: 'required' });
    const { id, email } = await makeUser(server);
    const { status, json } = await byPassword(server, email);
    const { pending_authentication_token: pending, user, ...rest } = json;
    assert.deepEqual(
      [status, rest],
      [403, { code: 'mfa_enrollment', message: 'The user must enroll in MFA to finish authenticating.' }],
    );
    assert.equal(user.id, id);
    const { challengeId, app } = await enrollAtApi(server, id);
    assert.equal(codeOf(await byTotp(server, pending, challengeId, app.wrong())), '400 invalid_one_time_code');
    const done = await byTotp(server, pending, challengeId, app.code());
    assert.equal(done.status, 200, done.text);
    await changeSettings(server, { mfa: 'optional' });
    assert.equal(codeOf(await byPassword(server, email)), '403 mfa_challenge', 'from now on it is asked');
  });

  it('tells what is wrong with a code, and leaves the token for the next one', async () => {
    const { email, factorId, app } = await makeProtected(server);
    const pending = await pendingOf(server, email);
    const challenge = await challengeAtApi(server, factorId);
    for (let i = 0; i < 5; i++)
      assert.equal(codeOf(await byTotp(server, pending, challenge, app.wrong())), '400 invalid_one_time_code');
    assert.equal(codeOf(await byTotp(server, pending, challenge, app.code())), '400 one_time_code_too_many_attempts');
    const late = await challengeAtApi(server, factorId);
    server.clock.advance(599);
    const fresh = await pendingOf(server, email);
    server.clock.advance(2);
    assert.equal(codeOf(await byTotp(server, fresh, late, app.code())), '400 one_time_code_expired');
    const inTime = await challengeAtApi(server, factorId);
    assert.equal((await byTotp(server, fresh, inTime, app.code())).status, 200);
    const replay = await byTotp(
      server,
      await pendingOf(server, email),
      await challengeAtApi(server, factorId),
      app.code(),
    );
    assert.equal(codeOf(replay), '400 one_time_code_previously_used');
  });

  it('gives one of ten parallel requests the session', async () => {
    const { email, factorId, app } = await makeProtected(server);
    const before = await waysIn(server);
    const pending = await pendingOf(server, email);
    const challenge = await challengeAtApi(server, factorId);
    const answers = await Promise.all(Array.from({ length: 10 }, () => byTotp(server, pending, challenge, app.code())));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(codeOf).join());
    assert.equal((await waysIn(server)).sessions - before.sessions, 1);
  });

  it('gives one of nine parallel sign-ins with one code the session', async () => {
    const { email, factorId, app } = await makeProtected(server);
    const ways = [];
    for (let i = 0; i < 9; i++)
      ways.push([await pendingOf(server, email), await challengeAtApi(server, factorId)] as const);
    const answers = await Promise.all(ways.map(([pending, id]) => byTotp(server, pending, id, app.code())));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(codeOf).join());
  });

  it('takes no challenge of another user, of another sign-in, or answered elsewhere', async () => {
    const [ada, mallory] = [await makeProtected(server), await makeProtected(server)];
    const theirs = await challengeAtApi(server, mallory.factorId);
    const pending = await pendingOf(server, ada.email);
    assert.equal(codeOf(await byTotp(server, pending, theirs, mallory.app.code())), '400 user_mismatch');
    assert.equal(
      codeOf(await byTotp(server, pending, 'auth_challenge_01ARZ3NDEKTSV4RRFFQ69G5FAV', '123456')),
      '400 user_mismatch',
    );
    // It was not touched: its owner uses it.
    assert.equal(
      (await byTotp(server, await pendingOf(server, mallory.email), theirs, mallory.app.code())).status,
      200,
    );

    const shared = await challengeAtApi(server, ada.factorId);
    assert.equal(codeOf(await byTotp(server, pending, shared, ada.app.wrong())), '400 invalid_one_time_code');
    const other = await pendingOf(server, ada.email);
    assert.equal(
      codeOf(await byTotp(server, other, shared, ada.app.code())),
      '400 user_mismatch',
      'bound to the first',
    );
    const elsewhere = await server.api('POST', `/auth/challenges/${shared}/verify`, { code: ada.app.code() });
    assert.equal(elsewhere.status, 404, 'and so out of reach of the API');

    const answered = await challengeAtApi(server, ada.factorId);
    assert.equal(
      (await server.api('POST', `/auth/challenges/${answered}/verify`, { code: ada.app.code() })).json.valid,
      true,
    );
    server.clock.advance(30);
    assert.equal(codeOf(await byTotp(server, other, answered, ada.app.code())), '400 one_time_code_previously_used');
  });

  it('takes no factor that was only begun, beside one that counts', async () => {
    const { id, email } = await makeProtected(server);
    const { challengeId, app } = await enrollAtApi(server, id);
    const pending = await pendingOf(server, email);
    assert.equal(codeOf(await byTotp(server, pending, challengeId, app.code())), '400 user_mismatch');
  });

  it('takes no code that we make ourselves in the place of the app’s', async () => {
    const { id, email } = await makeProtected(server);
    const { json: factor } = await server.api('POST', '/auth/factors/enroll', { type: 'generic_otp', user_id: id });
    const { json: challenge } = await server.api('POST', `/auth/factors/${factor.id}/challenge`, {});
    const pending = await pendingOf(server, email);
    assert.equal(codeOf(await byTotp(server, pending, challenge.id, challenge.code)), '400 user_mismatch');
  });

  it('uses up the tries of nobody else', async () => {
    const [ada, mallory] = [await makeProtected(server), await makeProtected(server)];
    const theirs = await challengeAtApi(server, ada.factorId);
    const pending = await pendingOf(server, mallory.email);
    for (let i = 0; i < 12; i++) await byTotp(server, pending, theirs, '000000');
    const own = await byTotp(server, pending, await challengeAtApi(server, mallory.factorId), mallory.app.code());
    assert.equal(own.status, 429);
    const mine = await byTotp(server, await pendingOf(server, ada.email), theirs, ada.app.code());
    assert.equal(mine.status, 200, mine.text);
  });

  it('is due at every other door as well, and a new password changes nothing of it', async () => {
    const { id, email } = await makeProtected(server);
    const { json: magic } = await server.api('POST', '/user_management/magic_auth', { email });
    const byCode = { grant_type: grantTypes.magicAuthCode, email, code: magic.code };
    assert.equal(codeOf(await server.token(byCode)), '403 mfa_challenge');

    const { json: reset } = await server.api('POST', '/user_management/password_reset', { email });
    const body = { token: reset.password_reset_token, new_password: 'another perfectly fine passphrase' };
    assert.equal((await server.api('POST', '/user_management/password_reset/confirm', body)).status, 200);
    const byNew = await server.token({ grant_type: 'password', email, password: body.new_password });
    assert.equal(codeOf(byNew), '403 mfa_challenge');

    await server.api('PUT', `/user_management/users/${id}`, { password: goodPassword, email: `new-${email}` });
    await server.api('PUT', `/user_management/users/${id}`, { email_verified: true });
    assert.equal(codeOf(await byPassword(server, `new-${email}`)), '403 mfa_challenge');
  });

  it('is due in an organization that asks for it, and at the switch into it', async () => {
    const { id, email } = await makeUser(server);
    const { json: organization } = await server.api('POST', '/organizations', { name: 'Careful' });
    const { json: plain } = await server.api('POST', '/organizations', { name: 'Plain' });
    for (const organization_id of [organization.id, plain.id])
      await server.api('POST', '/user_management/organization_memberships', { user_id: id, organization_id });
    const owner = await becomeOwner(server);
    const path = `/dashboard/api/organizations/${organization.id}/policy`;
    assert.equal((await asOperator(server, owner, 'PATCH', path, { body: { mfa: 'required' } })).status, 200);
    const { json: choice } = await byPassword(server, email);
    assert.equal(choice.code, 'organization_selection_required');
    const choose = (organization_id: string, pending_authentication_token: string) =>
      server.token({ grant_type: grantTypes.organizationSelection, organization_id, pending_authentication_token });
    const { json: tokens } = await choose(plain.id, choice.pending_authentication_token);
    const switched = await server.token({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      organization_id: organization.id,
    });
    assert.equal(codeOf(switched), '400 mfa_enrollment');
    const again = await byPassword(server, email);
    const demanded = await choose(organization.id, again.json.pending_authentication_token);
    assert.equal(codeOf(demanded), '403 mfa_enrollment');
    const { challengeId, app } = await enrollAtApi(server, id);
    const done = await byTotp(server, demanded.json.pending_authentication_token, challengeId, app.code());
    assert.equal(done.json.organization_id, organization.id, done.text);
  });

  it('is refused to public clients and to other environments, and wants all of its parameters', async () => {
    const { email, factorId, app } = await makeProtected(server);
    const pending = await pendingOf(server, email);
    const challenge = await challengeAtApi(server, factorId);
    const other = await otherEnvironment(server);
    const there = { client_id: other.clientId, client_secret: other.apiKey };
    const refused = await byTotp(server, pending, challenge, app.code(), there);
    assert.equal(codeOf(refused), '400 invalid_pending_authentication_token');
    const anonymous = await byTotp(server, pending, challenge, app.code(), { client_secret: null });
    assert.equal(codeOf(anonymous), '400 unauthorized_client');
    for (const name of ['code', 'authentication_challenge_id', 'pending_authentication_token']) {
      const answer = await byTotp(server, pending, challenge, app.code(), { [name]: null });
      assert.equal(codeOf(answer), '400 invalid_request', name);
    }
    assert.equal((await byTotp(server, pending, challenge, app.code())).status, 200);
  });
});
