import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WorkOS } from '@workos-inc/node';
import { systemTenant } from '../../src/core/index.ts';
import { deactivateConnection, updateConnection } from '../../src/sso/connections.ts';
import { type Answer, answerOf, callbackUri, onEachEngine, type TestServer } from '../harness.ts';
import { type OidcProvider, startOidcProvider } from '../oidc-provider.ts';
import { connect } from './sso-steps.ts';
import { byCode, eventsNamed, otherEnvironment, signedInBrowser, silentCode } from './steps.ts';

const ada = { sub: 'ada-1', email: 'ada@acme.com', given_name: 'Ada', family_name: 'Lovelace', groups: ['maths'] };

const sdkOf = (server: TestServer, apiKey = server.apiKey, clientId = server.clientId) => {
  const { hostname, port } = new URL(server.url);
  return new WorkOS(apiKey, { clientId, apiHostname: hostname, https: false, port: Number(port) });
};

/** From the app to the provider and back to the app. */
async function signOn(server: TestServer, provider: OidcProvider, selector: Record<string, string>): Promise<URL> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: server.clientId,
    redirect_uri: callbackUri,
    ...selector,
  });
  const departure = await fetch(`${server.url}/sso/authorize?${query}`, { redirect: 'manual' });
  const there = new URL(departure.headers.get('location') ?? '');
  if (there.origin !== provider.issuer) return there;
  const back = await fetch(await provider.answer(there), { redirect: 'manual' });
  return new URL(back.headers.get('location') ?? '');
}

const redeem = async (server: TestServer, code: string, more: Record<string, string> = {}): Promise<Answer> =>
  answerOf(
    await fetch(`${server.url}/sso/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: server.clientId,
        client_secret: server.apiKey,
        grant_type: 'authorization_code',
        code,
        ...more,
      }),
    }),
  );

const profileWith = async (server: TestServer, token: string): Promise<Answer> =>
  answerOf(await fetch(`${server.url}/sso/profile`, { headers: { authorization: `Bearer ${token}` } }));

onEachEngine('the standalone API for sign-on', (start) => {
  it('is driven by the official SDK: URL, profile and token, profile, connections', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    provider.person = ada;
    const { sso } = sdkOf(server);
    const url = sso.getAuthorizationUrl({
      clientId: server.clientId,
      redirectUri: callbackUri,
      connection: connectionId,
      state: 'kept as it is',
    });
    const departure = await fetch(url, { redirect: 'manual' });
    const back = await fetch(await provider.answer(departure.headers.get('location') ?? ''), { redirect: 'manual' });
    const callback = new URL(back.headers.get('location') ?? '');
    assert.equal(callback.searchParams.get('state'), 'kept as it is');
    const { accessToken, profile } = await sso.getProfileAndToken({
      clientId: server.clientId,
      code: callback.searchParams.get('code') ?? '',
    });
    const { rawAttributes, ...rest } = profile;
    assert.match(profile.id, /^prof_[0-9A-Z]{26}$/);
    const { id, idpId, connectionId: from, connectionType, organizationId, email, firstName, lastName, groups } = rest;
    assert.deepEqual(
      { idpId, from, connectionType, organizationId, email, firstName, lastName, groups },
      {
        idpId: 'ada-1',
        from: connectionId,
        connectionType: 'GenericOIDC',
        organizationId: organization.id,
        email: 'ada@acme.com',
        firstName: 'Ada',
        lastName: 'Lovelace',
        groups: ['maths'],
      },
    );
    assert.deepEqual(rawAttributes, ada);
    assert.equal((await sso.getProfile({ accessToken })).id, id);
    assert.equal('role' in profile, false, 'groups give no roles here');
    const groupRoles = [{ group: 'maths', role: 'mathematician' }];
    await updateConnection(server.running.services, systemTenant(server.environmentId), connectionId, { groupRoles });
    const { role, roles } = await sso.getProfile({ accessToken });
    assert.deepEqual([role, roles], [{ slug: 'mathematician' }, [{ slug: 'mathematician' }]]);

    const { data } = await sso.listConnections({ organizationId: organization.id });
    assert.deepEqual(
      data.map((each) => [each.id, each.state, each.domains.map(({ domain }) => domain)]),
      [[connectionId, 'active', ['acme.com']]],
    );
    assert.equal((await sso.getConnection(connectionId)).name, 'Acme sign-on');
    await sso.deleteConnection(connectionId);
    await assert.rejects(sso.getConnection(connectionId), { status: 404 });
    await assert.rejects(sso.getProfile({ accessToken }), { status: 401 });
  });

  it('answers the shapes of the contract, from a form and from JSON, and takes a code once', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    provider.person = ada;
    const code = (await signOn(server, provider, { organization: organization.id })).searchParams.get('code') ?? '';
    const { json, status, headers } = await server.api('POST', '/sso/token', {
      client_id: server.clientId,
      client_secret: server.apiKey,
      grant_type: 'authorization_code',
      code,
    });
    assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store']);
    const { access_token: token, profile, ...rest } = json;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 600 });
    assert.deepEqual(profile, {
      object: 'profile',
      id: profile.id,
      organization_id: organization.id,
      connection_id: connectionId,
      connection_type: 'GenericOIDC',
      idp_id: 'ada-1',
      email: 'ada@acme.com',
      first_name: 'Ada',
      last_name: 'Lovelace',
      name: null,
      groups: ['maths'],
      raw_attributes: ada,
    });
    assert.deepEqual((await profileWith(server, token)).json, profile);
    const again = await redeem(server, code);
    assert.deepEqual([again.status, again.json.error], [400, 'invalid_grant']);
    server.clock.advance(601);
    const late = await profileWith(server, token);
    assert.deepEqual([late.status, late.json], [401, { error: 'Unauthorized', message: 'Unauthorized' }]);
  });

  it('lets one of many win who redeem a code at the same time', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const code = (await signOn(server, provider, { connection: connectionId })).searchParams.get('code') ?? '';
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(server, code)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(400)]);
  });

  it('refuses a code that is late, another client’s, or without its secret', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const other = await otherEnvironment(server);
    const fresh = async () =>
      (await signOn(server, provider, { connection: connectionId })).searchParams.get('code') ?? '';
    const errorOf = ({ status, json }: Answer) => [status, json.error];
    const late = await fresh();
    server.clock.advance(601);
    assert.deepEqual(errorOf(await redeem(server, late)), [400, 'invalid_grant']);
    const code = await fresh();
    const theirs = { client_id: other.clientId, client_secret: other.apiKey };
    assert.deepEqual(errorOf(await redeem(server, code, theirs)), [400, 'invalid_grant']);
    assert.deepEqual(errorOf(await redeem(server, code, { client_secret: other.apiKey })), [400, 'invalid_client']);
    assert.deepEqual(errorOf(await redeem(server, code, { client_id: 'client_none' })), [400, 'invalid_client']);
    assert.deepEqual(errorOf(await redeem(server, code, { grant_type: 'refresh_token' })), [
      400,
      'unsupported_grant_type',
    ]);
    assert.equal((await redeem(server, code, { code: '' })).status, 422);
    assert.equal((await redeem(server, code)).status, 200, 'what was refused for the client has spent nothing');
  });

  it('keeps its tokens and those of sign-ins apart', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const code = (await signOn(server, provider, { connection: connectionId })).searchParams.get('code') ?? '';
    const asSignIn = await server.token(byCode(code));
    assert.equal(asSignIn.json.error, 'invalid_grant');
    const { access_token: token } = (await redeem(server, code)).json;
    const { browser } = await signedInBrowser(server);
    const ofSignIn = await silentCode(server, browser);
    assert.equal((await redeem(server, ofSignIn)).status, 400);
    const { json } = await server.token(byCode(ofSignIn));
    assert.equal((await profileWith(server, json.access_token)).status, 401);
    assert.equal((await profileWith(server, server.apiKey)).status, 401);
    assert.equal((await profileWith(server, code)).status, 401);
    assert.equal(
      (await server.token({ grant_type: 'refresh_token', refresh_token: token })).json.error,
      'invalid_grant',
    );
    const asKey = await server.api('GET', '/connections', undefined, { authorization: `Bearer ${token}` });
    assert.equal(asKey.status, 401);
  });

  it('tells the app what is wrong with its request, by the codes of the contract', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const idle = await connect(server, provider, { name: 'Idle', domain: 'idle.com' });
    const { services } = server.running;
    await deactivateConnection(services, systemTenant(server.environmentId), idle.connectionId);
    const cases: [Record<string, string>, string][] = [
      [{}, 'invalid_connection_selector'],
      [{ connection: 'conn_none' }, 'connection_invalid'],
      [{ connection: idle.connectionId }, 'connection_unlinked'],
      [{ organization: 'org_none' }, 'organization_invalid'],
      [{ organization: idle.organization.id }, 'organization_invalid'],
      [{ domain: 'nobody.com' }, 'connection_domain_invalid'],
      [{ domain: 'acme.com', connection: connectionId }, 'domain_connection_selector_not_allowed'],
      [{ connection: connectionId, organization: organization.id }, 'ambiguous_connection_selector'],
      [{ provider: 'GoogleOAuth' }, 'connection_strategy_invalid'],
      [{ connection: connectionId, response_type: 'token' }, 'unsupported_response_type'],
    ];
    for (const [selector, error] of cases) {
      const callback = await signOn(server, provider, { state: 's', ...selector });
      assert.deepEqual(
        [callback.searchParams.get('error'), callback.searchParams.get('state'), callback.searchParams.has('code')],
        [error, 's', false],
        error,
      );
    }
    provider.person = null;
    const refused = await signOn(server, provider, { domain: 'acme.com' });
    assert.equal(refused.searchParams.get('error'), 'access_denied');
    provider.person = { sub: 'x', email: 'x@example.com' };
    const outside = await signOn(server, provider, { connection: connectionId });
    assert.equal(outside.searchParams.get('error'), 'profile_not_allowed_outside_organization');
    provider.person = { sub: 'x' };
    const nameless = await signOn(server, provider, { connection: connectionId });
    assert.equal(nameless.searchParams.get('error'), 'oauth_failed');
    const codes = (await eventsNamed(server, 'authentication.sso_failed')).map(
      ({ error }) => error as { code: string },
    );
    assert.deepEqual(
      codes.map(({ code }) => code),
      ['access_denied', 'profile_not_allowed_outside_organization', 'oauth_failed'],
    );
    const unregistered = await fetch(
      `${server.url}/sso/authorize?response_type=code&client_id=${server.clientId}&connection=${connectionId}&redirect_uri=https://evil.example`,
      { redirect: 'manual' },
    );
    assert.equal(unregistered.status, 400);
  });

  it('lets in people from outside the domains where the organization is open to them', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const more = { allow_profiles_outside_organization: true };
    const { connectionId } = await connect(server, provider, { more });
    provider.person = { sub: 'x', email: 'x@example.com' };
    assert.ok((await signOn(server, provider, { connection: connectionId })).searchParams.has('code'));
  });

  it('signs people out at their provider, with a token that works once', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const code = (await signOn(server, provider, { connection: connectionId })).searchParams.get('code') ?? '';
    const { profile } = (await redeem(server, code)).json;
    const { json } = await server.api('POST', '/sso/logout/authorize', { profile_id: profile.id });
    assert.equal(new URL(json.logout_url).searchParams.get('token'), json.logout_token);
    const out = await fetch(json.logout_url, { redirect: 'manual' });
    assert.deepEqual(
      [out.status, out.headers.get('location')],
      [302, `${provider.issuer}/sign-out?client_id=${provider.clientId}`],
    );
    assert.equal((await fetch(json.logout_url, { redirect: 'manual' })).status, 404);
    assert.equal((await server.api('POST', '/sso/logout/authorize', { profile_id: 'prof_none' })).status, 404);
    const other = await otherEnvironment(server);
    const foreign = await server.api(
      'POST',
      '/sso/logout/authorize',
      { profile_id: profile.id },
      {
        authorization: `Bearer ${other.apiKey}`,
      },
    );
    assert.equal(foreign.status, 404);
  });
});
