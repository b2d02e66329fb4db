/** What holds for every route, over the table of all of them: a new one is held to it the day it is added. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addApiKey } from '../../src/api-keys/index.ts';
import { contractRoutes } from '../../src/app.ts';
import { commonErrors } from '../../src/core/errors.ts';
import { type Route, sql, systemTenant, takeSnapshot } from '../../src/core/index.ts';
import { createEnvironment } from '../../src/environments/index.ts';
import { placeEvents } from '../../src/events/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { type Answer, goodPassword, onEachEngine, startServer, type TestServer } from '../harness.ts';
import { givePasskey } from './passkey-steps.ts';

/** For a path whose object does not matter. */
const someId = 'user_01ARZ3NDEKTSV4RRFFQ69G5FAV';

const pathOf = ({ path }: Route, id: string): string => path.replace(/\{\w+\*?\}/g, id);

/** What wants to know of whom, or of which domain. */
const neededQuery: Readonly<Record<string, string>> = {
  '/user_management/organization_memberships': `user_id=${someId}`,
  '/tls/ask': 'domain=localhost',
};

const withQuery = (path: string, more = ''): string => {
  const query = [neededQuery[path], more].filter(Boolean).join('&');
  return query === '' ? path : `${path}?${query}`;
};

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

const kinds = (...wanted: Route['auth']['kind'][]): readonly Route[] =>
  contractRoutes.filter(({ auth }) => wanted.includes(auth.kind));

async function call(
  server: TestServer,
  { method }: Pick<Route, 'method'>,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(new URL(path, server.url), {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : null,
    location: null,
  };
}

/** The installation's owner, signed in to the dashboard. @returns the headers of their requests */
async function signInOwner(server: TestServer): Promise<(environmentId: string) => Record<string, string>> {
  const browser = server.browser();
  await browser.open(server.running.dashboardUrl);
  await browser.submit({ email: 'owner@example.com' });
  await browser.submit({ email: 'owner@example.com', password: goodPassword });
  const code = /\b\d{6}\b/.exec((await server.mails('owner@example.com'))[0]?.subject ?? '')?.[0] ?? '';
  await browser.submit({ code });
  const cookie = browser.cookies.get('authkit-operator');
  assert.ok(cookie, `the owner is not signed in: ${browser.path}`);
  return (environmentId) => ({
    cookie: `authkit-operator=${cookie}`,
    origin: server.url,
    'sec-fetch-site': 'same-origin',
    'x-authkit-environment': environmentId,
  });
}

/** A second environment beside the one that is there, as production lies beside staging. */
async function secondEnvironment({ running: { services } }: TestServer): Promise<{ id: string; apiKey: string }> {
  return services.db.transaction(async (tx) => {
    const { environmentId } = await createEnvironment(services, tx, {
      name: 'Other',
      kind: 'staging',
      applicationName: 'Other app',
    });
    const { secret } = await addApiKey(services, tx, systemTenant(environmentId), { name: 'Other', createdBy: null });
    return { id: environmentId, apiKey: secret.reveal() };
  });
}

/** One object of every kind that an address can name, in the first environment. */
/** A picture of one pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function makeObjects(server: TestServer, owner: Record<string, string>): Promise<Record<string, string>> {
  const { user, claims } = await server.signedUp('grace@example.com');
  await server.api('PUT', '/user_management/jwt_template', { content: '{"of": "grace"}' });
  await server.api('PUT', `/user_management/users/${user.id}`, { external_id: 'grace-1' });
  const { json: enrolled } = await server.api('POST', `/user_management/users/${user.id}/auth_factors`, {
    type: 'totp',
  });
  const { json: organization } = await server.api('POST', '/organizations', {
    name: 'Acme',
    external_id: 'acme-1',
    domains: ['acme.com'],
  });
  const { json: membership } = await server.api('POST', '/user_management/organization_memberships', {
    user_id: user.id,
    organization_id: organization.id,
  });
  const { json: invitation } = await server.api('POST', '/user_management/invitations', { email: 'ada@acme.com' });
  const { json: entry } = await server.api('POST', '/user_management/waitlists/default/entries', {
    email: 'alan@acme.com',
  });
  const first = async (path: string): Promise<string> => {
    const { json } = await call(server, { method: 'GET' }, path, owner);
    return json.data[0].id;
  };
  const { id: passkeyId } = await givePasskey(server, user.id, new SoftAuthenticator(server.url));
  const image = await call(server, { method: 'POST' }, '/dashboard/api/branding/images', owner, { content: pixel });
  const email = user.email;
  const { json: magicAuth } = await server.api('POST', '/user_management/magic_auth', { email });
  const { json: reset } = await server.api('POST', '/user_management/password_reset', { email });
  const verification = await server.running.services.db.one(
    sql<{ id: string }>`select id from one_time_codes where purpose = 'email_verification' and owner_id = ${user.id}`,
  );
  const { json: connection } = await call(server, { method: 'POST' }, '/dashboard/api/connections', owner, {
    organization_id: organization.id,
    name: 'Acme',
    connection_type: 'GenericOIDC',
  });
  const { json: samlConnection } = await call(server, { method: 'POST' }, '/dashboard/api/connections', owner, {
    organization_id: organization.id,
    name: 'Acme SAML',
    connection_type: 'GenericSAML',
  });
  const own = (path: string, body: object) => call(server, { method: 'POST' }, path, owner, body);
  const { json: domain } = await own('/dashboard/api/custom_domains', { name: 'auth.acme.com' });
  const { json: suppressed } = await own('/dashboard/api/suppressed_addresses', { email: 'gone@acme.com' });
  return {
    '/dashboard/api/custom_domains/{id}': domain.id,
    '/dashboard/api/custom_domains/{id}/check': domain.id,
    '/dashboard/api/custom_domains/{id}/activate': domain.id,
    '/dashboard/api/custom_domains/{id}/deactivate': domain.id,
    '/dashboard/api/suppressed_addresses/{id}': suppressed.id,
    '/connections/{id}': connection.id,
    '/dashboard/api/connections/{id}': connection.id,
    '/dashboard/api/connections/{id}/activate': connection.id,
    '/dashboard/api/connections/{id}/deactivate': connection.id,
    '/dashboard/api/connections/{id}/metadata': samlConnection.id,
    '/dashboard/api/connections/{id}/simulated_provider': samlConnection.id,
    '/dashboard/api/connections/{id}/test': samlConnection.id,
    '/dashboard/api/connections/{id}/test_result': samlConnection.id,
    '/dashboard/api/connections/{id}/keys': samlConnection.id,
    '/dashboard/api/connections/{id}/keys/{number}': samlConnection.id,
    '/sso/saml/acs/{connection_id}': samlConnection.id,
    '/sso/saml/metadata/{connection_id}': samlConnection.id,
    '/dashboard/api/organizations/{id}/connections': organization.id,
    '/sso/oidc/callback/{connection_id}': connection.id,
    '/user_management/redirect_uris/{id}': await first('/user_management/redirect_uris'),
    '/dashboard/api/redirect_uris/{id}/default': await first('/user_management/redirect_uris'),
    '/dashboard/api/sign_out_redirects/{id}': await first('/dashboard/api/sign_out_redirects'),
    '/dashboard/api/sign_out_redirects/{id}/default': await first('/dashboard/api/sign_out_redirects'),
    '/dashboard/api/cors_origins/{id}': await first('/user_management/cors_origins'),
    '/dashboard/api/api_keys/{id}': await first('/dashboard/api/api_keys'),
    '/user_management/users/{id}': user.id,
    '/dashboard/api/users/{id}/impersonation': user.id,
    '/user_management/users/external_id/{external_id*}': 'grace-1',
    '/user_management/users/{id}/sessions': user.id,
    '/user_management/users/{id}/identities': user.id,
    '/dashboard/api/users/{id}/lockout': user.id,
    '/dashboard/api/users/{id}/unlock': user.id,
    '/user_management/users/{id}/email_verification/send': user.id,
    '/user_management/users/{id}/email_verification/confirm': user.id,
    '/user_management/users/{id}/email_change/send': user.id,
    '/user_management/users/{id}/email_change/confirm': user.id,
    '/user_management/email_verification/{id}': verification.id,
    '/user_management/magic_auth/{id}': magicAuth.id,
    '/user_management/password_reset/{id}': reset.id,
    '/dashboard/api/users/{id}/passkeys': user.id,
    '/dashboard/api/passkeys/{id}': passkeyId,
    '/user_management/users/{id}/auth_factors': user.id,
    '/auth/factors/{id}': enrolled.authentication_factor.id,
    '/auth/factors/{id}/challenge': enrolled.authentication_factor.id,
    '/auth/challenges/{id}/verify': enrolled.authentication_challenge.id,
    '/dashboard/api/users/{id}/auth_factors/reset': user.id,
    '/organizations/{id}': organization.id,
    '/organizations/external_id/{external_id*}': 'acme-1',
    '/dashboard/api/organizations/{id}/policy': organization.id,
    '/organization_domains/{id}': organization.domains[0].id,
    '/organization_domains/{id}/verify': organization.domains[0].id,
    '/user_management/organization_memberships/{id}': membership.id,
    '/user_management/organization_memberships/{id}/deactivate': membership.id,
    '/user_management/organization_memberships/{id}/reactivate': membership.id,
    '/user_management/invitations/{id}': invitation.id,
    '/user_management/invitations/{id}/accept': invitation.id,
    '/user_management/invitations/{id}/resend': invitation.id,
    '/user_management/invitations/{id}/revoke': invitation.id,
    '/user_management/invitations/by_token/{token}': invitation.token,
    '/user_management/waitlists/{id}': server.environmentId.replace('environment_', 'waitlist_'),
    '/user_management/waitlists/{id}/entries': server.environmentId.replace('environment_', 'waitlist_'),
    '/user_management/waitlist_entries/{id}': entry.id,
    '/user_management/waitlist_entries/{id}/approve': entry.id,
    '/user_management/waitlist_entries/{id}/deny': entry.id,
    '/sso/jwks/{clientId}': server.clientId,
    '/dashboard/api/checklist/{step}': 'redirect_uri',
    '/docs/{page*}': 'errors',
    '/branding/images/{id}': image.json.url.split('/').at(-1),
    session: claims.sid,
  };
}

/** Opened by a token of their own, which nothing here has. */
const needsItsOwnToken = new Set(['/sso/profile']);

/** Addresses that name something which belongs to no environment, or is the environment. */
const namesNothingOfAnybody = new Set([
  '/user_management/waitlists/{id}',
  '/user_management/waitlists/{id}/entries',
  '/sso/jwks/{clientId}',
  '/dashboard/api/checklist/{step}',
  '/dashboard/api/social_providers/{provider}',
]);

/**
 * The published contract has one word for two: addresses are refused 400 where a user is updated, and otherwise where an
 * address is changed by code; `mfa_enrollment` is 403 during a sign-in, and 400 at a refresh that policy refuses;
 * `access_denied` is 403 where a device begins, and 400 where it polls.
 */
const hasTwoStatuses = new Set(['access_denied', 'email_not_available', 'invalid_email', 'mfa_enrollment']);

describe('the route table', () => {
  it('has one name and one address for each operation', () => {
    for (const key of [({ operationId }: Route) => operationId, nameOf]) {
      const all = contractRoutes.map(key);
      assert.deepEqual(
        all.filter((name, index) => all.indexOf(name) !== index),
        [],
      );
    }
  });

  it('says of each route who may ask, and of the public ones why', () => {
    for (const { auth, operationId } of contractRoutes) {
      if (auth.kind === 'anyone') assert.ok(auth.why.length > 5, operationId);
      else if ('permission' in auth) assert.match(auth.permission, /^[a-z_]+:(read|write)$/, operationId);
      else assert.equal(auth.kind, 'signedInOperator', operationId);
    }
  });

  it('keeps for reading what reads, and the dashboard’s own operations out of the published contract', () => {
    for (const route of contractRoutes) {
      if ('permission' in route.auth && route.auth.permission.endsWith(':write'))
        assert.notEqual(route.method, 'GET', nameOf(route));
      if (route.path.startsWith('/dashboard/api/')) assert.equal(route.internal, true, nameOf(route));
      assert.ok(
        !['devKey', 'anyone'].includes(route.auth.kind) || !route.path.startsWith('/dashboard/api/'),
        nameOf(route),
      );
    }
  });

  it('gives each error code one meaning and one status', () => {
    const classes = new Set([...contractRoutes.flatMap(({ errors }) => errors), ...commonErrors]);
    const shared = [...Map.groupBy(classes, ({ code }) => code)].filter(([, same]) => same.length > 1);
    assert.deepEqual(
      shared.map(([code]) => code).filter((code) => !hasTwoStatuses.has(code)),
      [],
    );
    for (const { code, status, name } of classes) {
      assert.match(code, /^[a-z0-9_]+$/, name);
      assert.ok(status >= 400 && status < 600, name);
    }
  });
});

describe('without a credential', () => {
  it('every route that wants one answers 401 and nothing else, whatever is sent in its place', async () => {
    await using server = await startServer();
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer sk_test_0000000000000000000000000000000000000000000' },
      { authorization: `Bearer ${server.apiKey.slice(0, -1)}` },
      { authorization: `Bearer ${server.apiKey}x` },
      { authorization: `Bearer ${server.apiKey.toLowerCase()}` },
      { authorization: 'Bearer' },
      { authorization: `Bearer ${server.apiKey} ${server.apiKey}` },
      { authorization: `Basic ${Buffer.from(`${server.apiKey}:`).toString('base64')}` },
      { authorization: server.apiKey },
      { 'x-authkit-environment': server.environmentId },
      { cookie: 'authkit-operator=guessed', 'x-authkit-environment': server.environmentId, origin: server.url },
    ];
    for (const route of kinds('apiKey', 'operator', 'signedInOperator')) {
      for (const headers of wrong) {
        const answer = await call(
          server,
          route,
          pathOf(route, someId),
          headers,
          route.method === 'GET' ? undefined : {},
        );
        assert.deepEqual(
          [answer.status, answer.json],
          [401, { message: 'Unauthorized' }],
          `${nameOf(route)} ${JSON.stringify(headers)}`,
        );
      }
      // Never in an address, where logs and histories keep it (RFC 6750 section 2.3).
      const inAddress = `${pathOf(route, someId)}?access_token=${server.apiKey}&api_key=${server.apiKey}`;
      assert.equal((await call(server, route, inAddress)).status, 401, nameOf(route));
    }
  });

  it('an API key opens nothing of the dashboard', async () => {
    await using server = await startServer();
    for (const route of kinds('operator', 'signedInOperator')) {
      const headers = { authorization: `Bearer ${server.apiKey}`, 'x-authkit-environment': server.environmentId };
      const { status, json } = await call(
        server,
        route,
        pathOf(route, someId),
        headers,
        route.method === 'GET' ? undefined : {},
      );
      assert.deepEqual([status, json], [401, { message: 'Unauthorized' }], nameOf(route));
    }
  });

  it('the reason comes before the body: nobody learns a shape without a key', async () => {
    await using server = await startServer();
    for (const route of kinds('apiKey', 'operator', 'signedInOperator').filter(({ body }) => body)) {
      const answer = await call(server, route, pathOf(route, someId), {}, { nonsense: true });
      assert.equal(answer.status, 401, nameOf(route));
    }
  });
});

onEachEngine('with the credential of another environment', (start) => {
  it('an id of this one answers exactly like an unknown one, and nothing changes', async () => {
    await using server = await start();
    const owner = await signInOwner(server);
    const other = await secondEnvironment(server);
    const objects = await makeObjects(server, owner(server.environmentId));
    const withId = kinds('apiKey', 'operator').filter(
      ({ path }) => path.includes('{') && !namesNothingOfAnybody.has(path),
    );
    assert.ok(withId.length > 10);
    await call(server, { method: 'GET' }, '/user_management/users', { authorization: `Bearer ${other.apiKey}` });
    const dump = await tables(server);
    for (const route of withId) {
      const id = objects[route.path];
      assert.ok(id, `${route.path} is new: add an object for it to makeObjects`);
      const body =
        route.method === 'GET' || route.method === 'DELETE'
          ? undefined
          : {
              first_name: 'Mallory',
              new_email: 'mallory@example.com',
              code: '123456',
              reason: 'curious',
              type: 'totp',
              ticket: 'none',
              xml: '<none/>',
            };
      const unknown = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
      const credentials =
        route.auth.kind === 'operator'
          ? [owner(other.id)]
          : [owner(other.id), { authorization: `Bearer ${other.apiKey}` }];
      for (const headers of credentials) {
        const foreign = await call(server, route, pathOf(route, id), headers, body);
        const missing = await call(server, route, pathOf(route, unknown), headers, body);
        assert.equal(foreign.status, 404, `${nameOf(route)}: ${foreign.text}`);
        assert.deepEqual(
          { ...foreign.json, message: '', entity_id: '' },
          { ...missing.json, message: '', entity_id: '' },
          nameOf(route),
        );
        assert.equal(foreign.text.replaceAll(id, 'ID'), missing.text.replaceAll(unknown, 'ID'), nameOf(route));
      }
    }
    const revoked = await call(
      server,
      { method: 'POST' },
      '/user_management/sessions/revoke',
      { authorization: `Bearer ${other.apiKey}` },
      { session_id: objects.session },
    );
    assert.equal(revoked.status, 404);
    assert.deepEqual(differences(dump, await tables(server)), []);
  });

  it('lists show nothing of this one', async () => {
    await using server = await start();
    const owner = await signInOwner(server);
    const other = await secondEnvironment(server);
    const objects = await makeObjects(server, owner(server.environmentId));
    await server.api(
      'PUT',
      '/user_management/jwt_template',
      { content: '{"of": "others"}' },
      {
        authorization: `Bearer ${other.apiKey}`,
      },
    );
    // A step and a page have the same name for everybody.
    const known = [...Object.values(objects), server.environmentId, server.clientId, 'grace'].filter(
      (value) => value !== 'redirect_uri' && value !== 'errors',
    );
    for (const route of kinds('apiKey', 'operator').filter(
      ({ method, path }) => method === 'GET' && !path.includes('{'),
    )) {
      const { status, text } = await call(server, route, withQuery(route.path), owner(other.id));
      assert.equal(status, 200, `${nameOf(route)}: ${text}`);
      for (const value of known) assert.ok(!text.includes(value), `${nameOf(route)} shows ${value}`);
      // A cursor is an id of the same list, or it is refused.
      if (!JSON.parse(text).list_metadata) continue;
      for (const cursor of ['after', 'before']) {
        const { status: refused } = await call(
          server,
          route,
          withQuery(route.path, `${cursor}=${objects['/user_management/users/{id}']}`),
          owner(other.id),
        );
        assert.equal(refused, 422, `${nameOf(route)} ${cursor}`);
      }
    }
  });

  it('an operator names an environment that exists and is theirs to see', async () => {
    await using server = await start();
    const owner = await signInOwner(server);
    const { id: hidden } = await server.running.services.db.one(
      sql<{ id: string }>`select id from environments where is_hidden = 1`,
    );
    for (const environmentId of [hidden, `${server.environmentId}x`, '', '*']) {
      const { status } = await call(server, { method: 'GET' }, '/user_management/users', owner(environmentId));
      assert.ok(status === 404 || status === 403, `${environmentId}: ${status}`);
    }
  });
});

onEachEngine('GET', (start) => {
  it('changes nothing, whatever it shows', async () => {
    await using server = await start();
    const owner = (await signInOwner(server))(server.environmentId);
    const objects = await makeObjects(server, owner);
    await server.api('GET', '/user_management/users');
    const gets = contractRoutes.filter(({ method, returns }) => method === 'GET' && returns.status === 200);
    const callAll = async (): Promise<void> => {
      for (const route of gets) {
        const id = objects[route.path];
        assert.ok(id || !route.path.includes('{'), `${route.path} is new: add an object for it to makeObjects`);
        const path = withQuery(pathOf(route, id ?? ''));
        if (route.auth.kind === 'apiKey') assert.equal((await server.api('GET', path)).status, 200, nameOf(route));
        const { status, text } = await call(server, route, path, { ...owner, accept: 'text/html' });
        // A page without its attempt says so; a page of a visitor who has one is walked in the flows.
        assert.ok(
          status === 200 || ((route.page || needsItsOwnToken.has(route.path)) && status < 500),
          `${nameOf(route)}: ${status} ${text.slice(0, 200)}`,
        );
      }
    };
    // The events of what was made get their place from whoever reads events first.
    await placeEvents(server.running.services);
    // Beside the request: when a key was used last. The first token or JWKS of an environment draws its first key.
    const before = await tables(server);
    await callAll();
    assert.deepEqual(
      differences(before, await tables(server)).filter((table) => table !== 'api_keys'),
      [],
    );
    const settled = await tables(server);
    await callAll();
    assert.deepEqual(differences(settled, await tables(server)), []);
  });

  it('does not sign anybody out, in or up by HEAD, as link scanners ask', async () => {
    await using server = await start();
    const { claims } = await server.signedUp('grace@example.com');
    const before = await tables(server);
    for (const { path, method } of contractRoutes) {
      if (method !== 'GET' || path.includes('{')) continue;
      await fetch(`${server.url}${path}?session_id=${claims.sid}&client_id=${server.clientId}`, {
        method: 'HEAD',
        redirect: 'manual',
      });
    }
    await fetch(server.authorizeUrl(), { method: 'HEAD', redirect: 'manual' });
    assert.deepEqual(differences(before, await tables(server)), []);
  });
});

const unusedKeys = sql<{ n: number }>`select count(*) as n from api_keys where last_used_at is null`;

/** Every row of every table, once what goes on beside the requests has ended. Each key has been used before. */
async function tables({ running: { services } }: TestServer): Promise<Record<string, string[]>> {
  await services.jobs.idle();
  // The first use of a key is written down beside the request that used it.
  while ((await services.db.one(unusedKeys)).n > 0) await sleep(5);
  const snapshot = await takeSnapshot(services.db);
  return Object.fromEntries(
    [...snapshot].map(([name, { rows }]) => [name, rows.map((row) => JSON.stringify(row)).sort()]),
  );
}

const differences = (before: Record<string, string[]>, now: Record<string, string[]>): string[] =>
  Object.keys(now).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
