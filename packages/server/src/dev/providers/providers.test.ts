import assert from 'node:assert/strict';
import { get } from 'node:http';
import { describe, it } from 'node:test';
import * as openid from 'openid-client';
import { startServer, type TestServer } from '../../../test/harness.ts';
import { atProvider } from '../../../test/providers.ts';
import { socialProviders } from '../../protocol/index.ts';
import {
  appleClientSecret,
  callbackUrl,
  contractAt,
  descriptionOf,
  simulatedBase,
  simulatedCredentials,
} from '../../social/index.ts';
import { employees } from './idp/cast.ts';
import { socialCast } from './persona.ts';

/** A client as somebody writes it who knows the provider's documentation, and nothing of our code. */
async function clientAt(server: TestServer, provider: (typeof socialProviders)[number], secret?: string) {
  const { services } = server.running;
  const description = descriptionOf(provider);
  const base = simulatedBase(services, description);
  const contract = contractAt(description, base);
  const { clientId, secret: own } = simulatedCredentials(services, provider);
  const at = Math.floor(Date.now() / 1000);
  const value =
    secret ?? (own.kind === 'text' ? own.value : appleClientSecret(clientId, own, contract.issuer ?? '', at));
  const authenticate =
    description.clientAuthentication === 'client_secret_basic'
      ? openid.ClientSecretBasic(value)
      : openid.ClientSecretPost(value);
  const { endpoints } = contract;
  const config =
    endpoints === 'discovered'
      ? await openid.discovery(new URL(contract.issuer ?? ''), clientId, {}, authenticate, {
          execute: [openid.allowInsecureRequests],
        })
      : new openid.Configuration(
          {
            issuer: contract.issuer ?? base,
            authorization_endpoint: endpoints.authorization,
            token_endpoint: endpoints.token,
            ...('jwks' in endpoints ? { jwks_uri: endpoints.jwks } : {}),
            ...('userInfo' in endpoints && endpoints.userInfo ? { userinfo_endpoint: endpoints.userInfo } : {}),
          },
          clientId,
          {},
          authenticate,
        );
  openid.allowInsecureRequests(config);
  if (contract.kind === 'oidc') openid.enableNonRepudiationChecks(config);
  const callback = callbackUrl(services, description);
  const verifier = openid.randomPKCECodeVerifier();
  const parameters: Record<string, string> = {
    redirect_uri: callback,
    scope: description.scopes.join(' '),
    state: 'some state',
    ...(contract.kind === 'oidc' && contract.returnsNonce ? { nonce: 'some nonce' } : {}),
    ...(description.usesPkce
      ? { code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }
      : {}),
    ...description.parameters,
  };
  const back = async (more: Parameters<typeof atProvider>[1] = {}, changed: Record<string, string> = {}) => {
    const answer = await atProvider(openid.buildAuthorizationUrl(config, { ...parameters, ...changed }), more);
    answer.delete('user');
    return new URL(`${callback}?${answer}`);
  };
  const redeem = (url: URL, more: Partial<openid.AuthorizationCodeGrantChecks> = {}) =>
    openid.authorizationCodeGrant(config, url, {
      expectedState: 'some state',
      ...(parameters.nonce ? { expectedNonce: 'some nonce' } : {}),
      ...(description.usesPkce ? { pkceCodeVerifier: verifier } : {}),
      ...more,
    });
  return { config, contract, description, back, redeem };
}

const failsWith = (error: string) => (thrown: unknown) => (thrown as { error?: string }).error === error;

describe('the simulated providers, as openid-client sees them', () => {
  // The marketplace answers without an access token, as the real one does, and that no strict client takes.
  const strict = socialProviders.filter((provider) => provider !== 'VercelMarketplaceOAuth');

  it('hand out tokens once, to who knows the secret and the verifier', async () => {
    await using server = await startServer();
    for (const provider of strict) {
      const { back, redeem, config, contract, description } = await clientAt(server, provider);
      const url = await back();
      const tokens = await redeem(url);
      assert.equal(tokens.token_type, 'bearer', provider);
      const claims = tokens.claims();
      assert.equal(claims !== undefined, contract.kind === 'oidc', provider);
      if (claims && config.serverMetadata().userinfo_endpoint)
        assert.equal((await openid.fetchUserInfo(config, tokens.access_token, claims.sub)).sub, claims.sub);
      // GitHub says that with status 200, which is no OAuth error to the library.
      const isRefusal =
        provider === 'GitHubOAuth' ? (thrown: unknown) => thrown instanceof Error : failsWith('invalid_grant');
      await assert.rejects(redeem(url), isRefusal, provider);
      if (tokens.refresh_token) assert.ok((await openid.refreshTokenGrant(config, tokens.refresh_token)).access_token);
      if (description.usesPkce) {
        const other = openid.randomPKCECodeVerifier();
        await assert.rejects(async () => redeem(await back(), { pkceCodeVerifier: other }), provider);
        await assert.rejects(async () => redeem(await back(), { pkceCodeVerifier: undefined }), provider);
      }
    }
  });

  it('turn away who does not know the secret', async () => {
    await using server = await startServer();
    for (const provider of strict) {
      const { back, redeem } = await clientAt(server, provider, 'a.wrong.secret');
      await assert.rejects(async () => redeem(await back()), provider);
    }
  });

  it('tell of a refusal and of an error', async () => {
    await using server = await startServer();
    const { back, redeem } = await clientAt(server, 'GoogleOAuth');
    await assert.rejects(async () => redeem(await back({ persona: 'refuse' })), failsWith('access_denied'));
    await assert.rejects(async () => redeem(await back({ persona: 'error' })), failsWith('server_error'));
    const silent = await back({}, { prompt: 'none' });
    await assert.rejects(redeem(silent), failsWith('login_required'));
  });

  it('send nobody to an address that is not registered, and know no other client', async () => {
    await using server = await startServer();
    const { back } = await clientAt(server, 'GoogleOAuth');
    await assert.rejects(back({}, { redirect_uri: 'https://evil.example/callback' }), /answers 422/);
    await assert.rejects(back({}, { redirect_uri: `${server.url}/sso/oauth/github/callback` }), /answers 422/);
    await assert.rejects(back({}, { client_id: 'other' }), /answers 422/);
  });

  it('keep codes and tokens of one provider from another', async () => {
    await using server = await startServer();
    const gitlab = await clientAt(server, 'GitLabOAuth');
    const google = await clientAt(server, 'GoogleOAuth');
    const tokens = await google.redeem(await google.back());
    await assert.rejects(openid.fetchUserInfo(gitlab.config, tokens.access_token, openid.skipSubjectCheck));
  });

  it('show the hint, take any address and ask for one that is none', async () => {
    await using server = await startServer();
    const { back, redeem } = await clientAt(server, 'GoogleOAuth');
    const hinted = await redeem(await back({}, { login_hint: 'grace@example.com' }));
    assert.equal(hinted.claims()?.email, 'grace@example.com');
    const typed = await redeem(await back({ email: 'anybody@example.org' }));
    assert.equal(typed.claims()?.email, 'anybody@example.org');
    await assert.rejects(back({ email: 'nobody' }), /answers 422/);
  });

  it('are for a person at this machine, and answer nothing where there is nothing', async () => {
    await using server = await startServer();
    const { back } = await clientAt(server, 'GoogleOAuth');
    assert.ok((await back()).searchParams.get('code'));
    for (const path of [
      'google/nothing',
      'nobody/authorize',
      'github/.well-known/openid-configuration',
      'google/token',
    ]) {
      assert.equal((await server.api('GET', `/dev/providers/${path}`)).status, 404, path);
    }
    const { port } = new URL(server.url);
    const foreign = await new Promise<number | undefined>((resolve, reject) =>
      get(
        { port, host: 'localhost', path: '/dev/providers/google/authorize', headers: { host: 'evil.example' } },
        (response) => resolve(response.resume().statusCode),
      ).on('error', reject),
    );
    assert.equal(foreign, 404);
  });
});

describe('the page of all simulated providers', () => {
  it('names each, how it stands, and everybody who can come back, and is led to from each of theirs', async () => {
    await using server = await startServer();
    const page = await (await fetch(`${server.url}/dev/providers`)).text();
    for (const provider of socialProviders) {
      const { label } = descriptionOf(provider);
      const row = new RegExp(`<b>${label}</b><code class="meta" dir="ltr">provider=${provider}</code></div>(.*?)</li>`);
      const isOn = ['GoogleOAuth', 'MicrosoftOAuth', 'AppleOAuth', 'GitHubOAuth'].includes(provider);
      assert.equal(/data-state="(\w+)"/.exec(row.exec(page)?.[1] ?? '')?.[1], isOn ? 'on' : 'off', provider);
    }
    for (const { label, hint } of [socialCast, employees('saml', null)].flatMap((cast) => [
      cast.first,
      ...cast.others,
    ])) {
      assert.ok(page.includes(`<dt>${label}</dt><dd class="soft">${hint}</dd>`), label);
    }
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ provider: 'GoogleOAuth' }));
    assert.match(browser.text, /<a href="\/dev\/providers">All simulated providers<\/a>/);
  });
});
