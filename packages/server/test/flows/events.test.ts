import assert from 'node:assert/strict';
import { it } from 'node:test';
import { redeemMagicCode } from '../../src/authentication/index.ts';
import { sql, systemTenant, type Tenant } from '../../src/core/index.ts';
import { assertMayTry, noteInboxProved } from '../../src/lockout/index.ts';
import { issueRecoveryCodes, redeemRecoveryCode } from '../../src/mfa/index.ts';
import { removeOwnPasskey, renamePasskey } from '../../src/passkeys/index.ts';
import { eventNames, platformEventNames } from '../../src/protocol/index.ts';
import { linkIdentity, listIdentities } from '../../src/social/index.ts';
import { deactivateConnection, deleteConnection, updateConnection } from '../../src/sso/connections.ts';
import { noteExpiringCertificates } from '../../src/sso/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { authenticator } from '../authenticator-app.ts';
import { type Answer, claimsOf, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { startOidcProvider } from '../oidc-provider.ts';
import { otherKey, ownKey, samlConnection } from '../saml.ts';
import { givePasskey, usePasskey } from './passkey-steps.ts';
import { connect, signInByConnection } from './sso-steps.ts';
import { asOperator, becomeOwner, byCode, byRefresh, codeOf, eventsNamed, signIn } from './steps.ts';

onEachEngine('events', (start) => {
  it('are recorded under every name there is', async () => {
    await using server = await start({ resolveTxt: async () => records, resolveAddresses: async () => [] });
    const owner = await becomeOwner(server);
    await live(server);
    await protect(server, owner);
    await belong(server);
    await signOn(server);
    await administer(server, owner);
    const rows = await server.running.services.db.all(sql<{ name: string }>`
      select distinct name from events where environment_id = ${server.environmentId} order by name`);
    assert.deepEqual(
      rows.map(({ name }) => name),
      [...eventNames, ...platformEventNames].sort(),
    );
  });

  it('tell what of an environment changed, from what to what, and who did it', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const call = (method: string, path: string, body?: unknown) => asOperator(server, owner, method, path, { body });
    await call('PATCH', '/dashboard/api/settings', { sign_up_names: 'required', access_token_seconds: 300 });
    await call('PATCH', '/dashboard/api/settings', { sign_up_names: 'required' });
    await call('PATCH', '/dashboard/api/application', { name: 'Shop', sign_in_endpoint: null });
    const { json: uri } = await call('POST', '/user_management/redirect_uris', { uri: 'http://localhost:8080/cb' });
    await call('PUT', `/dashboard/api/redirect_uris/${uri.id}/default`);
    const { json: away } = await call('POST', '/dashboard/api/sign_out_redirects', { uri: 'http://localhost:8080/' });
    await call('DELETE', `/dashboard/api/sign_out_redirects/${away.id}`);
    const { json: cors } = await call('POST', '/user_management/cors_origins', { origin: 'http://localhost:8080' });
    await call('DELETE', `/dashboard/api/cors_origins/${cors.id}`);
    // Refused, so nothing changed.
    await call('POST', '/user_management/cors_origins', { origin: 'nonsense' });

    const endpoint = 'http://localhost:3000/login';
    const redirect = { id: uri.id, uri: 'http://localhost:8080/cb', default: false };
    const signOut = { id: away.id, uri: 'http://localhost:8080/', default: false };
    const origin = { id: cors.id, origin: 'http://localhost:8080' };
    const changes = [
      ['settings', { sign_up_names: 'optional' }, { sign_up_names: 'required' }],
      ['application', { name: 'Your app', sign_in_endpoint: endpoint }, { name: 'Shop', sign_in_endpoint: null }],
      ['redirect_uris', null, redirect],
      ['redirect_uris', { default: 'http://localhost:3000/callback' }, { default: redirect.uri }],
      ['sign_out_redirects', null, signOut],
      ['sign_out_redirects', signOut, null],
      ['cors_origins', null, origin],
      ['cors_origins', origin, null],
    ];
    assert.deepEqual(
      await eventsNamed(server, 'environment.updated'),
      changes.map(([part, before, after]) => ({ id: server.environmentId, part, before, after })),
    );
    const actors = await server.running.services.db.all(sql<{ actor: { type: string; name: string } }>`
      select actor_json from events where name = 'environment.updated'`);
    assert.deepEqual(
      [...new Set(actors.map(({ actor }) => `${actor.type} ${actor.name}`))],
      ['operator owner@example.com'],
    );
  });

  it('tell of API keys without the key', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const made = await asOperator(server, owner, 'POST', '/dashboard/api/api_keys', { body: { name: 'CI' } });
    await asOperator(server, owner, 'DELETE', `/dashboard/api/api_keys/${made.json.id}`);
    const { value, ...key } = made.json;
    assert.equal(typeof value, 'string');
    assert.deepEqual((await eventsNamed(server, 'api_key.created')).at(-1), key);
    assert.deepEqual(await eventsNamed(server, 'api_key.revoked'), [key]);
  });
});

/** Its body. What was refused has no event, and is told where it happened. */
async function done(answer: Promise<Pick<Answer, 'status' | 'json'>>) {
  const { status, json } = await answer;
  assert.ok(status < 400, `${status} ${JSON.stringify(json)}`);
  return json;
}

/** One person, from signing up to being deleted, with everything that can go wrong on the way. */
async function live(server: TestServer): Promise<void> {
  const email = 'ada@example.com';
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
  await browser.submit({ email, password: goodPassword });
  const code = await server.codeFor(email);
  await browser.submit({ code: code === '000000' ? '111111' : '000000' });
  await browser.submit({ code });

  const wrong = server.browser();
  await wrong.open(server.authorizeUrl());
  await wrong.submit({ email });
  await wrong.submit({ password: 'not the password' });

  const signedIn = await signIn(server, email);
  const { browser: again } = await signIn(server, email);
  await signIn(server, email, { browser: again, authorize: { prompt: 'login' } });
  const { json: tokens } = await server.token(byCode(signedIn.code));
  await server.token(byRefresh(tokens.refresh_token));
  server.clock.advance(31);
  await server.token(byRefresh(tokens.refresh_token));
  await server.token(byCode(signedIn.code));

  const { browser: atHome } = await signIn(server, email);
  for (const answer of ['approved', 'denied']) await answerDevice(server, atHome, answer);

  await lockOutAndRecover(server, { id: tokens.user.id, email });

  await usePasskeys(server, tokens.user.id);
  await disconnectProvider(server, { id: tokens.user.id, email });
  await useMailedCodes(server);
  for (const persona of ['verified', 'refuse']) await useProvider(server, email, persona);
  const path = `/user_management/users/${tokens.user.id}`;
  await server.api('PUT', path, { password: `${goodPassword}, and another` });
  await server.api('DELETE', path);
}

/** At the account page. */
async function disconnectProvider(server: TestServer, { id, email }: { id: string; email: string }): Promise<void> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  const account = { subject: 'github-1', email, isEmailProven: true };
  await services.db.transaction((tx) => linkIdentity(services, tx, tenant, id, 'GitHubOAuth', account));
  const [identity] = await listIdentities(services.db, tenant, id);
  const { browser } = await signIn(server, email);
  await browser.open(`/account/connected/remove?identity=${identity?.id}`);
  await browser.submit({}, '/account/connected/remove');
}

/** A hundred failures in a row, which take most of a day at the pages, and a way back. */
async function lockOutAndRecover(server: TestServer, user: { id: string; email: string }): Promise<void> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  for (let tries = 0; tries < 100; tries++) {
    await assertMayTry(services, tenant, user, 'password');
    server.clock.advance(3600);
  }
  await services.db.transaction((tx) => noteInboxProved(services, tx, tenant, user.id));
  // Back to where the owner is still signed in.
  server.clock.advance(-100 * 3600);
}

/** An account elsewhere, and a person who thinks better of it. */
async function useProvider(server: TestServer, email: string, persona: string): Promise<void> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ provider: 'GoogleOAuth' }));
  await browser.submit({ email, persona });
}

/** A code that is wrong, then right, for an address nobody had proved; and a link. */
async function useMailedCodes(server: TestServer): Promise<void> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  const email = 'mailed@example.com';
  const { json: magicAuth } = await server.api('POST', '/user_management/magic_auth', { email });
  for (const code of ['wrong', magicAuth.code])
    await services.db.transaction((tx) =>
      redeemMagicCode(services, tenant, tx, { email, code, ipAddress: null, userAgent: null }),
    );
  const { json: reset } = await server.api('POST', '/user_management/password_reset', { email });
  const body = { token: reset.password_reset_token, new_password: goodPassword };
  await server.api('POST', '/user_management/password_reset/confirm', body);
}

/** Makes a passkey, uses it, uses a copy of it, and removes it. */
async function usePasskeys(server: TestServer, userId: string): Promise<void> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  const authenticator = new SoftAuthenticator(server.url);
  const { id } = await givePasskey(server, userId, authenticator);
  await usePasskey(server, authenticator, { counter: 2 });
  await usePasskey(server, authenticator, { counter: 1 });
  await services.db.transaction((tx) => renamePasskey(services, tenant, tx, userId, id, 'Work laptop'));
  await services.db.transaction((tx) =>
    removeOwnPasskey(services, tenant, tx, { userId, authenticatedAt: services.now() }, id),
  );
}

/** A second factor, from being enrolled to being reset. */
async function protect(server: TestServer, owner: TestBrowser): Promise<void> {
  const { services, environmentId } = server.running;
  const { id, email } = await server.create.user();
  const user = { id, email, locale: null };
  const path = `/user_management/users/${user.id}/auth_factors`;
  const json = await done(server.api('POST', path, { type: 'totp' }));
  const app = authenticator(json.authentication_factor.totp.secret, services.now);
  const verify = `/auth/challenges/${json.authentication_challenge.id}/verify`;
  await done(server.api('POST', verify, { code: app.wrong() }));
  const verified = await done(server.api('POST', verify, { code: app.code() }));
  assert.equal(verified.valid, true);
  await services.db.transaction(async (tx) => {
    const [code] = await issueRecoveryCodes(services, systemTenant(environmentId), tx, user.id, 'occasion');
    const presented = { code: code?.reveal() ?? '', ipAddress: null, userAgent: null };
    await redeemRecoveryCode(services, systemTenant(environmentId), tx, user, presented);
  });
  await done(asOperator(server, owner, 'POST', `/dashboard/api/users/${user.id}/auth_factors/reset`));
  const second = await done(server.api('POST', path, { type: 'totp' }));
  await done(server.api('DELETE', `/auth/factors/${second.authentication_factor.id}`));
}

const records: string[][] = [];

/** Organizations with their domains, members, invitations and those who wait, from first to last. */
async function belong(server: TestServer): Promise<void> {
  const call = (method: string, path: string, body?: unknown) => done(server.api(method, path, body));
  const user = await server.create.user({ email_verified: true });
  const acme = await call('POST', '/organizations', { name: 'Acme', domains: ['acme.com', 'acme.de'] });
  await call('PUT', `/organizations/${acme.id}`, { domain_data: [{ domain: 'acme.com', state: 'verified' }] });
  await call('PUT', `/organizations/${acme.id}`, { domain_data: [{ domain: 'acme.com', state: 'pending' }] });
  const globex = await call('POST', '/organizations', { name: 'Globex', domains: ['acme.com'] });
  for (const { domains } of [acme, globex]) {
    records.push([`${domains[0].verification_prefix}=${domains[0].verification_token}`]);
    await call('POST', `/organization_domains/${domains[0].id}/verify`);
  }
  const members = '/user_management/organization_memberships';
  const { id } = await call('POST', members, { user_id: user.id, organization_id: acme.id });
  await call('PUT', `${members}/${id}`, { role_slug: 'admin' });
  await call('DELETE', `${members}/${id}`);
  const invitations = '/user_management/invitations';
  for (const what of ['accept', 'revoke']) {
    const invitation = await call('POST', invitations, { email: user.email, organization_id: acme.id });
    await call('POST', `${invitations}/${invitation.id}/resend`, {});
    await call('POST', `${invitations}/${invitation.id}/${what}`);
    const [left] = (await call('GET', `${members}?user_id=${user.id}`)).data;
    if (left) await call('DELETE', `${members}/${left.id}`);
  }
  for (const what of ['approve', 'deny']) {
    const entry = await call('POST', '/user_management/waitlists/default/entries', { email: `${what}@acme.com` });
    await call('POST', `/user_management/waitlist_entries/${entry.id}/${what}`);
  }
  await call('DELETE', `/organizations/${globex.id}`);
}

/** An organization's own provider, from set-up to its end. */
async function signOn(server: TestServer): Promise<void> {
  await using provider = await startOidcProvider();
  const { connectionId } = await connect(server, provider, { name: 'Initech', domain: 'initech.com' });
  provider.person = null;
  await signInByConnection(server, provider, { connection_id: connectionId });
  provider.person = { sub: '1', email: 'peter@initech.com' };
  await signInByConnection(server, provider, { connection_id: connectionId });
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  await updateConnection(services, tenant, connectionId, { name: 'Initech, new' });
  await deactivateConnection(services, tenant, connectionId);
  await renewCertificate(server, tenant);
  await deleteConnection(services, tenant, connectionId);
}

/** Of a provider whose certificate has run out. */
async function renewCertificate(server: TestServer, tenant: Tenant): Promise<void> {
  const { services } = server.running;
  const { certificate } = await otherKey(new Date('2001-01-01'));
  const { id } = await samlConnection(server, { certificates: [certificate] });
  await noteExpiringCertificates(services);
  await updateConnection(services, tenant, id, { certificates: [(await ownKey(services.now())).certificate] });
}

/** What an administrator changes. */
async function administer(server: TestServer, owner: TestBrowser): Promise<void> {
  const call = async (method: string, path: string, body?: unknown) => ({
    json: await done(asOperator(server, owner, method, path, { body })),
  });
  const { json: key } = await call('POST', '/dashboard/api/api_keys', { name: 'CI' });
  await call('DELETE', `/dashboard/api/api_keys/${key.id}`);
  await server.api('GET', '/user_management/users', undefined, { authorization: `Bearer ${key.value}` });
  await call('PATCH', '/dashboard/api/settings', { sign_up_names: 'required' });
  await call('POST', '/dashboard/api/signing_keys/rotate', { emergency: true });
  const { json: organization } = await server.api('POST', '/organizations', { name: 'Initech' });
  await call('PATCH', `/dashboard/api/organizations/${organization.id}/policy`, { mfa: 'required' });
  await suppressAndAllow(call);
  await useDomain(server, call);
  await impersonate(server, owner);
}

type Call = (method: string, path: string, body?: unknown) => Promise<{ readonly json: { readonly id: string } }>;

async function suppressAndAllow(call: Call): Promise<void> {
  const { json } = await call('POST', '/dashboard/api/suppressed_addresses', { email: 'gone@example.com' });
  await call('DELETE', `/dashboard/api/suppressed_addresses/${json.id}`);
}

async function useDomain(server: TestServer, call: Call): Promise<void> {
  const { json: domain } = await call('POST', '/dashboard/api/custom_domains', { name: 'auth.acme.com' });
  const { token } = await server.running.services.db.one(sql<{ token: string }>`select token from custom_domains`);
  records.push([`authkit-domain=${token}`]);
  await call('POST', `/dashboard/api/custom_domains/${domain.id}/check`);
  await call('POST', `/dashboard/api/custom_domains/${domain.id}/activate`, { anyway: true });
  await call('POST', `/dashboard/api/custom_domains/${domain.id}/deactivate`);
  await call('DELETE', `/dashboard/api/custom_domains/${domain.id}`);
}

/** A device asks, and the person answers at our page. */
async function answerDevice(server: TestServer, browser: TestBrowser, answer: string): Promise<void> {
  const body = { client_id: server.clientId };
  const { json } = await server.api('POST', '/user_management/authorize/device', body, { authorization: '' });
  await browser.open('/device');
  await browser.submit({ user_code: json.user_code }, '/device');
  await browser.submit({ answer }, '/device/confirm');
}

/** An operator asks to act as somebody, confirms it at our page, and stops. */
async function impersonate(server: TestServer, owner: TestBrowser): Promise<void> {
  const user = await server.create.user();
  const call = (method: string, path: string, body: unknown) => asOperator(server, owner, method, path, { body });
  await call('PATCH', '/dashboard/api/settings', { impersonation: true });
  const { headers } = await call('POST', `/dashboard/api/users/${user.id}/impersonation`, { reason: 'Ticket 4711' });
  const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(headers.getSetCookie().join()) ?? [];
  owner.cookies.set(name, value);
  await owner.open(server.authorizeUrl());
  const { json } = await server.token(byCode(codeOf(await owner.submit({}, '/impersonate'))));
  await owner.open(`/user_management/sessions/logout?session_id=${claimsOf(json.access_token).sid}`);
}
