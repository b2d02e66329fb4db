/** Second factors through the official Node SDK, unmodified, told nothing but where we answer. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import * as newest from '@workos-inc/node';
import * as eighth from 'workos-node-8';
import { goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { appOf } from './mfa-steps.ts';
import { changeSettings, makeUser } from './steps.ts';

/** The older line has the same names for everything used here. */
const lines = { 'version 11': newest, 'version 8': eighth as unknown as typeof newest };

/** The newest line has moved some operations to another place, and renamed them. */
function factorsOf(workos: newest.WorkOS) {
  if ('multiFactorAuth' in workos && workos.multiFactorAuth) {
    const { multiFactorAuth: mfa } = workos;
    return {
      mfa,
      enrollUser: mfa.createUserAuthFactor.bind(mfa),
      listOfUser: mfa.listUserAuthFactors.bind(mfa),
    };
  }
  const { mfa, userManagement } = workos as unknown as eighth.WorkOS;
  return {
    mfa: mfa as unknown as newest.WorkOS['multiFactorAuth'],
    enrollUser: userManagement.enrollAuthFactor.bind(userManagement),
    listOfUser: userManagement.listAuthFactors.bind(userManagement),
  };
}

/** What a step-up says, whichever class the line throws it as. */
interface StepUp {
  readonly status: number;
  readonly rawData: {
    readonly code: string;
    readonly pending_authentication_token: string;
    readonly user: { readonly id: string };
    readonly authentication_factors?: readonly { readonly id: string; readonly type: string }[];
  };
}

for (const [line, sdk] of Object.entries(lines)) {
  onEachEngine(`second factors by the official SDK, ${line}`, (start) => {
    let server: TestServer;
    let workos: newest.WorkOS;
    before(async () => {
      server = await start();
      const { hostname, port } = new URL(server.url);
      workos = new sdk.WorkOS(server.apiKey, {
        clientId: server.clientId,
        apiHostname: hostname,
        port: Number(port),
        https: false,
      });
    });
    after(() => server[Symbol.asyncDispose]());

    const stepUp = async (email: string): Promise<StepUp['rawData']> => {
      const failed: unknown = await workos.userManagement
        .authenticateWithPassword({ clientId: server.clientId, email, password: goodPassword })
        .catch((error: unknown) => error);
      const { status, rawData } = failed as StepUp;
      assert.equal(status, 403, String(failed));
      return rawData;
    };

    it('are enrolled in, and asked for, within a sign-in', async () => {
      const { userManagement } = workos;
      const { mfa, enrollUser, listOfUser } = factorsOf(workos);
      await changeSettings(server, { mfa: 'required' });
      const { email, id } = await makeUser(server);
      const enrollment = await stepUp(email);
      assert.equal(enrollment.code, 'mfa_enrollment');
      const { authenticationFactor, authenticationChallenge } = await enrollUser({
        userId: enrollment.user.id,
        type: 'totp',
        totpIssuer: 'Acme',
        totpUser: email,
      });
      assert.equal(authenticationFactor.userId, id);
      assert.match(authenticationFactor.totp.qrCode, /^data:image\/png;base64,/);
      const app = appOf(server, authenticationFactor.totp.secret);
      const first = await userManagement.authenticateWithTotp({
        clientId: server.clientId,
        code: app.code(),
        authenticationChallengeId: authenticationChallenge.id,
        pendingAuthenticationToken: enrollment.pending_authentication_token,
      });
      assert.equal(first.user.id, id);
      await changeSettings(server, { mfa: 'optional' });
      server.clock.advance(60);

      const challenged = await stepUp(email);
      assert.equal(challenged.code, 'mfa_challenge');
      const [factor] = challenged.authentication_factors ?? [];
      assert.deepEqual(factor, { id: authenticationFactor.id, type: 'totp' });
      const challenge = await mfa.challengeFactor({ authenticationFactorId: factor?.id ?? '' });
      const second = await userManagement.authenticateWithTotp({
        clientId: server.clientId,
        code: app.code(),
        authenticationChallengeId: challenge.id,
        pendingAuthenticationToken: challenged.pending_authentication_token,
        session: { sealSession: true, cookiePassword: 'a cookie password of more than 32 characters' },
      });
      assert.ok(second.sealedSession);
      const listed = await listOfUser({ userId: id });
      assert.deepEqual(
        listed.data.map((each) => [each.id, each.type, each.totp]),
        [[authenticationFactor.id, 'totp', { issuer: 'Acme', user: email }]],
      );
    });

    it('are enrolled in, challenged, verified and deleted by themselves', async () => {
      const { mfa } = factorsOf(workos);
      const factor = await mfa.enrollFactor({ type: 'totp', issuer: 'Acme', user: 'alan@example.com' });
      assert.ok(factor.totp);
      const app = appOf(server, factor.totp.secret);
      const challenge = await mfa.challengeFactor({ authenticationFactorId: factor.id });
      assert.equal(challenge.authenticationFactorId, factor.id);
      const wrong = await mfa.verifyChallenge({ authenticationChallengeId: challenge.id, code: app.wrong() });
      assert.equal(wrong.valid, false);
      const right = await mfa.verifyChallenge({ authenticationChallengeId: challenge.id, code: app.code() });
      assert.equal(right.valid, true);
      await assert.rejects(mfa.verifyChallenge({ authenticationChallengeId: challenge.id, code: app.code() }), {
        status: 422,
        code: 'authentication_challenge_previously_verified',
      });
      assert.deepEqual((await mfa.getFactor(factor.id)).totp, { issuer: 'Acme', user: 'alan@example.com' });
      await mfa.deleteFactor(factor.id);
      await assert.rejects(mfa.getFactor(factor.id), { status: 404 });
      await assert.rejects(mfa.enrollFactor({ type: 'sms', phoneNumber: '+15005550006' }), { status: 422 });
      const carried = await mfa.enrollFactor({ type: 'generic_otp' });
      const { id, code } = await mfa.challengeFactor({ authenticationFactorId: carried.id });
      const answer = await mfa.verifyChallenge({ authenticationChallengeId: id, code: code ?? '' });
      assert.equal(answer.valid, true);
    });

    it('are brought along from another system', async () => {
      const { email, id } = await makeUser(server);
      const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
      const { authenticationFactor } = await factorsOf(workos).enrollUser({
        userId: id,
        type: 'totp',
        totpSecret: secret,
      });
      assert.equal(authenticationFactor.totp.secret, secret);
      assert.equal((await stepUp(email)).code, 'mfa_challenge');
    });
  });
}
