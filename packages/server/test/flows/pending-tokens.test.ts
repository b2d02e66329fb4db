/**
 * Attacks on the order of a sign-in at the API: for each step that can be due, every grant with every proof but the one
 * that is asked for, with the tokens of other people, clients and steps, again, late, and many times at once.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from '../../src/core/index.ts';
import { grantTypes } from '../../src/protocol/index.ts';
import { type Answer, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { challengeAtApi, enrollAtApi, makeProtected } from './mfa-steps.ts';
import { byPassword, makeMemberOf } from './organization-steps.ts';
import { makeUser, otherEnvironment, waysIn } from './steps.ts';

type Parameters = Record<string, string | null>;

/** Somebody half way in: what the answer says is due, and the one request that is right now. */
interface HalfWay {
  readonly due: string;
  readonly token: string;
  readonly honest: Parameters;
}

const again = (answer: Answer): { due: string; token: string } => {
  assert.equal(answer.status, 403, answer.text);
  return { due: answer.json.code, token: answer.json.pending_authentication_token };
};

onEachEngine('a pending authentication token', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  /** A new person each time, as far as each step that an app can be told to ask for. */
  const steps: Record<string, () => Promise<HalfWay>> = {
    email_verification_required: async () => {
      const { email } = await makeUser(server, { email_verified: false });
      const { due, token } = again(await server.token(byPassword(email)));
      const code = await server.codeFor(email);
      return { due, token, honest: { grant_type: grantTypes.emailVerificationCode, code } };
    },
    mfa_challenge: async () => {
      const { email, factorId, app } = await makeProtected(server);
      const { due, token } = again(await server.token(byPassword(email)));
      const authentication_challenge_id = await challengeAtApi(server, factorId);
      return { due, token, honest: { grant_type: grantTypes.mfaTotp, authentication_challenge_id, code: app.code() } };
    },
    mfa_enrollment: async () => {
      const { user, organizations } = await makeMemberOf(server, ['Strict']);
      await askForTwo(organizations[0].id);
      const { due, token } = again(await server.token(byPassword(user.email)));
      const { challengeId, app } = await enrollAtApi(server, user.id);
      const proof = { authentication_challenge_id: challengeId, code: app.code() };
      return { due, token, honest: { grant_type: grantTypes.mfaTotp, ...proof } };
    },
    organization_selection_required: async () => {
      const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
      const { due, token } = again(await server.token(byPassword(user.email)));
      const honest = { grant_type: grantTypes.organizationSelection, organization_id: organizations[0].id };
      return { due, token, honest };
    },
  };

  const askForTwo = async (organizationId: string): Promise<void> => {
    const { db } = server.running.services;
    await db.run(sql`update organizations set mfa = 'required' where id = ${organizationId}`);
  };

  const send = (halfWay: HalfWay, more: Parameters = {}): Promise<Answer> =>
    server.token({ pending_authentication_token: halfWay.token, ...halfWay.honest, ...more });

  const refused = (answer: Answer, what: string): void => {
    assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text}`);
    assert.equal(answer.json.access_token, undefined, what);
    assert.equal(answer.json.refresh_token, undefined, what);
  };

  for (const [name, reach] of Object.entries(steps)) {
    describe(`for ${name}`, () => {
      it('is answered by the one thing that is asked, once', async () => {
        const halfWay = await reach();
        assert.equal(halfWay.due, name);
        const done = await send(halfWay);
        assert.equal(done.status, 200, done.text);
        const before = await waysIn(server);
        refused(await send(halfWay), 'again');
        assert.deepEqual(await waysIn(server), before);
      });

      it('is worth nothing in any other grant, whatever right proofs of others come with it', async () => {
        const halfWay = await reach();
        const others = await Promise.all(
          Object.entries(steps).map(async ([other, go]) => [other, await go()] as const),
        );
        const before = await waysIn(server);
        for (const [other, { honest }] of others) {
          refused(await server.token({ pending_authentication_token: halfWay.token, ...honest }), `as ${other}`);
        }
        for (const grant_type of Object.values(grantTypes)) {
          if (grant_type === halfWay.honest.grant_type) continue;
          const everything = { ...halfWay.honest, code: halfWay.token, refresh_token: halfWay.token };
          refused(
            await server.token({
              pending_authentication_token: halfWay.token,
              ...everything,
              device_code: halfWay.token,
              email: 'a@b.example',
              password: goodPassword,
              grant_type,
            }),
            grant_type,
          );
        }
        assert.deepEqual(await waysIn(server), before);
      });

      it('is no other’s: of another person, client, or none', async () => {
        const [halfWay, another] = [await reach(), await reach()];
        const other = await otherEnvironment(server);
        const before = await waysIn(server);
        refused(await send(halfWay, { pending_authentication_token: another.token }), 'another person’s token');
        refused(await send(halfWay, { client_id: other.clientId, client_secret: other.apiKey }), 'another client');
        refused(await send(halfWay, { client_secret: null }), 'a public client');
        for (const token of ['', 'x', halfWay.token.slice(1), `${halfWay.token}0`, halfWay.token.toLowerCase()])
          refused(await send(halfWay, { pending_authentication_token: token }), `the token '${token.slice(0, 4)}…'`);
        assert.deepEqual(await waysIn(server), before);
      });

      it('is over after ten minutes', async () => {
        const halfWay = await reach();
        server.clock.advance(601);
        refused(await send(halfWay), 'late');
      });

      it('starts one session, of however many requests at once', async () => {
        const halfWay = await reach();
        const before = await waysIn(server);
        const answers = await Promise.all(Array.from({ length: 8 }, () => send(halfWay)));
        const won = answers.filter(({ status }) => status === 200);
        assert.equal(won.length, 1, answers.map(({ status, text }) => `${status} ${text}`).join('\n'));
        assert.equal((await waysIn(server)).sessions, before.sessions + 1);
      });
    });
  }

  it('dies with the password that began it', async () => {
    const { id, email } = await makeUser(server, { email_verified: false });
    const { token } = again(await server.token(byPassword(email)));
    const code = await server.codeFor(email);
    await server.api('PUT', `/user_management/users/${id}`, { password: 'quite another long phrase' });
    refused(
      await server.token({
        grant_type: grantTypes.emailVerificationCode,
        pending_authentication_token: token,
        code,
      }),
      'after another password',
    );
  });

  it('is not the secret of a browser’s attempt, nor the other way round', async () => {
    const { email } = await makeUser(server, { email_verified: false });
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    const secret = [...browser.cookies].find(([name]) => name.startsWith('authkit-attempt-'))?.[1] ?? '';
    const code = await server.codeFor(email);
    const before = await waysIn(server);
    refused(
      await server.token({
        grant_type: grantTypes.emailVerificationCode,
        pending_authentication_token: secret,
        code,
      }),
      'the secret of a browser',
    );
    assert.deepEqual(await waysIn(server), before);
  });

  it('walks several steps, a new token each, and the tokens of earlier steps are over', async () => {
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex'], { email_verified: false });
    const [{ id: organization_id }] = organizations as [{ id: string }];
    await askForTwo(organization_id);
    const first = again(await server.token(byPassword(user.email)));
    assert.equal(first.due, 'email_verification_required');
    const verify = (token: string, code: string) =>
      server.token({ grant_type: grantTypes.emailVerificationCode, pending_authentication_token: token, code });
    const code = await server.codeFor(user.email);
    const second = again(await verify(first.token, code));
    assert.equal(second.due, 'organization_selection_required');
    const select = (token: string) =>
      server.token({
        grant_type: grantTypes.organizationSelection,
        pending_authentication_token: token,
        organization_id,
      });
    refused(await select(first.token), 'the token of the step before');
    const third = again(await select(second.token));
    assert.equal(third.due, 'mfa_enrollment');
    refused(await select(second.token), 'the same step again');
    const { challengeId, app } = await enrollAtApi(server, user.id);
    const done = await server.token({
      grant_type: grantTypes.mfaTotp,
      pending_authentication_token: third.token,
      authentication_challenge_id: challengeId,
      code: app.code(),
    });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.organization_id, organization_id);
  });
});
