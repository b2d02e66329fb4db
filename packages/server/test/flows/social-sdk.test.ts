/** Social sign-in through the official Node SDK, unmodified. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as newest from '@workos-inc/node';
import * as eighth from 'workos-node-8';
import { callbackUri, onEachEngine, type TestServer } from '../harness.ts';
import { enable, setProvider } from '../providers.ts';
import { codeOf } from './steps.ts';

const lines = { 'version 11': newest, 'version 8': eighth as unknown as typeof newest };

const addressOf = ({ url }: TestServer) => {
  const { hostname, port } = new URL(url);
  return { apiHostname: hostname, port: Number(port), https: false };
};

for (const [line, sdk] of Object.entries(lines)) {
  onEachEngine(`social sign-in through the official SDK, ${line}`, (start) => {
    it('goes from getAuthorizationUrl to authenticateWithCode and the identities', async () => {
      await using server = await start();
      await setProvider(server, 'GoogleOAuth', { hasTokensReturned: true });
      const { userManagement } = new sdk.WorkOS(server.apiKey, { clientId: server.clientId, ...addressOf(server) });
      const url = userManagement.getAuthorizationUrl({
        provider: 'GoogleOAuth',
        redirectUri: callbackUri,
        clientId: server.clientId,
        loginHint: 'grace.hopper@example.com',
        providerScopes: ['calendar', 'drive'],
        providerQueryParams: { access_type: 'offline' },
        state: 'some state',
      });
      const browser = server.browser();
      await browser.open(url);
      const done = await browser.submit({ persona: 'verified', email: 'grace.hopper@example.com' });
      assert.equal(done.location?.searchParams.get('state'), 'some state');
      const answer = await userManagement.authenticateWithCode({ code: codeOf(done), clientId: server.clientId });
      assert.deepEqual(
        [answer.user.email, answer.user.emailVerified, answer.authenticationMethod],
        ['grace.hopper@example.com', true, 'GoogleOAuth'],
      );
      assert.deepEqual(answer.oauthTokens?.scopes, ['openid', 'profile', 'email', 'calendar', 'drive']);
      const identities = await userManagement.getUserIdentities(answer.user.id);
      assert.deepEqual(
        identities.map(({ provider, type }) => ({ provider, type })),
        [{ provider: 'GoogleOAuth', type: 'OAuth' }],
      );
    });

    it('throws what an app with pages of its own catches, and goes on with the code', async () => {
      await using server = await start();
      await enable(server, 'GitLabOAuth');
      const { userManagement } = new sdk.WorkOS(server.apiKey, { clientId: server.clientId, ...addressOf(server) });
      const url = userManagement.getAuthorizationUrl({
        provider: 'GitLabOAuth',
        redirectUri: callbackUri,
        clientId: server.clientId,
      });
      const browser = server.browser();
      await browser.open(url);
      const code = codeOf(await browser.submit({ persona: 'verified', email: 'grace@example.com' }));
      const thrown = await userManagement.authenticateWithCode({ code, clientId: server.clientId }).then(
        () => assert.fail('nothing was thrown'),
        (error: { rawData: { code: string; pending_authentication_token: string } }) => error.rawData,
      );
      assert.equal(thrown.code, 'email_verification_required');
      const { user } = await userManagement.authenticateWithEmailVerification({
        clientId: server.clientId,
        code: await server.codeFor('grace@example.com'),
        pendingAuthenticationToken: thrown.pending_authentication_token,
      });
      assert.equal(user.emailVerified, true);
      assert.equal((await userManagement.getUserIdentities(user.id)).length, 1);
    });
  });
}
