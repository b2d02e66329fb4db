import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';
import { asOperator, becomeOwner, eventsNamed, makeUser, otherEnvironment } from '../../test/flows/steps.ts';
import { onEachEngine, type TestServer } from '../../test/harness.ts';
import { sha256, sql, systemTenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { socialProviders } from '../protocol/index.ts';
import { deleteIdentitiesOfUser, linkIdentity } from './index.ts';
import { findOffered, listOffered } from './offered.ts';
import { keepTokens, purgeTokens, takeTokens, tieTokens } from './tokens.ts';

const tenantOf = (server: TestServer) => systemTenant(server.environmentId);

const link = (
  server: TestServer,
  userId: string,
  subject: string,
  provider: 'GitHubOAuth' | 'GoogleOAuth' = 'GitHubOAuth',
) =>
  server.running.services.db.transaction((tx) =>
    linkIdentity(server.running.services, tx, tenantOf(server), userId, provider, {
      subject,
      email: null,
      isEmailProven: true,
    }),
  );

onEachEngine('identities', (start) => {
  it('are listed as a bare array, oldest first, under the names of the contract', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    assert.deepEqual((await server.api('GET', `/user_management/users/${id}/identities`)).json, []);
    await link(server, id, '583231');
    server.clock.advance(1);
    await link(server, id, '1093', 'GoogleOAuth');
    const { status, json } = await server.api('GET', `/user_management/users/${id}/identities`);
    assert.equal(status, 200);
    assert.deepEqual(json, [
      { idp_id: '583231', type: 'OAuth', provider: 'GithubOAuth' },
      { idp_id: '1093', type: 'OAuth', provider: 'GoogleOAuth' },
    ]);
  });

  it('of a user elsewhere, or of nobody, are not found', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    const other = await otherEnvironment(server);
    const key = { authorization: `Bearer ${other.apiKey}` };
    const foreign = await server.api('GET', `/user_management/users/${id}/identities`, undefined, key);
    const unknown = await server.api('GET', '/user_management/users/user_01JD0V5W3N8QK2Z7T4B9XM6YCE/identities');
    assert.deepEqual([foreign.status, unknown.status], [404, 404]);
    assert.equal(foreign.json.code, 'entity_not_found');
  });

  it('belong to one user, whoever asks at the same time, and to another one in another environment', async () => {
    await using server = await start();
    const users = await Promise.all([1, 2, 3, 4].map(() => makeUser(server)));
    const owners = await Promise.all(users.map(({ id }) => link(server, id, 'same')));
    assert.equal(new Set(owners).size, 1);
    const { services } = server.running;
    const elsewhere = systemTenant((await otherEnvironment(server)).environmentId);
    const foreign = await services.db.transaction((tx) =>
      linkIdentity(services, tx, elsewhere, 'user_of_other', 'GitHubOAuth', {
        subject: 'same',
        email: null,
        isEmailProven: true,
      }),
    );
    assert.equal(foreign, 'user_of_other');
    await services.db.transaction((tx) => deleteIdentitiesOfUser(tx, elsewhere, owners[0] ?? ''));
    const kept = await services.db.all(sql`select id from identities`);
    assert.equal(kept.length, 2);
  });

  it('go with their user', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    await link(server, id, '583231');
    await server.api('DELETE', `/user_management/users/${id}`);
    assert.deepEqual(await server.running.services.db.all(sql`select id from identities`), []);
  });
});

onEachEngine('tokens of providers', (start) => {
  const tokens = {
    provider: 'GoogleOAuth',
    accessToken: 'ya29.token',
    refreshToken: null,
    expiresAt: new Date('2030-01-01T00:00:00.000Z'),
    scopes: ['openid'],
  } as const;

  it('are kept sealed and handed out once', async () => {
    await using server = await start();
    const { services } = server.running;
    const tenant = tenantOf(server);
    const keep = (attemptId: string) =>
      services.db.transaction((tx) => keepTokens(services, tx, tenant, { attemptId, userId: 'user_1' }, tokens));
    const take = (attemptId: string, whose = tenant) =>
      services.db.transaction((tx) => takeTokens(services, tx, whose, { attemptId }));
    await keep('attempt_1');
    const stored = JSON.stringify(await services.db.all(sql`select * from social_tokens`));
    assert.ok(!stored.includes('ya29') && stored.includes('attempt_1'));
    assert.equal(await take('attempt_1', systemTenant('environment_other')), null);
    const taken = await Promise.all(Array.from({ length: 10 }, () => take('attempt_1')));
    assert.deepEqual(
      taken.filter((one) => one !== null),
      [tokens],
    );
    await keep('attempt_4');
    const codeHash = sha256('a code');
    await services.db.transaction((tx) => tieTokens(tx, tenant, 'attempt_4', codeHash));
    const byCode = () => services.db.transaction((tx) => takeTokens(services, tx, tenant, { codeHash }));
    assert.deepEqual([await byCode(), await byCode()], [tokens, null]);
    await keep('attempt_2');
    server.clock.advance(1201);
    assert.equal(await take('attempt_2'), null);
    await keep('attempt_3');
    server.clock.advance(1201);
    await purgeTokens(services.db, services.now());
    assert.deepEqual(await services.db.all(sql`select attempt_id from social_tokens`), []);
  });
});

onEachEngine('the providers of an environment', (start) => {
  const path = '/dashboard/api/social_providers';

  it('are simulated in staging, four of them on from the start', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { json } = await asOperator(server, owner, 'GET', path);
    const { data } = json as { data: Record<string, unknown>[] };
    assert.deepEqual(data.map(({ provider }) => provider).sort(), [...socialProviders].sort());
    assert.deepEqual(
      data.filter(({ enabled }) => enabled).map(({ provider }) => provider),
      ['GoogleOAuth', 'MicrosoftOAuth', 'AppleOAuth', 'GitHubOAuth'],
    );
    const { mark, ...google } = data[0] ?? {};
    assert.match(String(mark), /^<svg .*<\/svg>$/);
    assert.deepEqual(google, {
      object: 'social_provider',
      provider: 'GoogleOAuth',
      label: 'Google',
      enabled: true,
      source: 'simulated',
      callback_url: `${server.url}/sso/oauth/google/callback`,
      credentials: 'client_secret',
      client_id: null,
      team_id: null,
      key_id: null,
      default_scopes: ['openid', 'profile', 'email'],
      scopes: [],
      return_tokens: false,
      position: null,
    });
  });

  it('need own credentials in production, and none is offered in the dashboard’s own environment', async () => {
    await using server = await start();
    const { services } = server.running;
    const made = await otherEnvironment(server, { kind: 'production', redirectUris: [] });
    const production = await getEnvironment(services, made.environmentId);
    const tenant = systemTenant(production.id);
    assert.deepEqual(await listOffered(services, tenant, production), []);
    const owner = await becomeOwner(server);
    const headers = { 'x-authkit-environment': production.id };
    const enabled = await asOperator(server, owner, 'PATCH', `${path}/GoogleOAuth`, {
      body: { enabled: true },
      headers,
    });
    assert.deepEqual([enabled.json.enabled, enabled.json.source], [false, null]);
    const body = { client_id: 'id.apps.example', client_secret: 'shh' };
    const own = await asOperator(server, owner, 'PATCH', `${path}/GoogleOAuth`, { body, headers });
    assert.deepEqual([own.status, own.json.enabled, own.json.source], [200, true, 'own']);
    const offered = await listOffered(services, tenant, production);
    assert.deepEqual(
      offered.map(({ provider }) => provider),
      ['GoogleOAuth'],
    );
    const google = await findOffered(services, tenant, production, 'GoogleOAuth');
    assert.deepEqual(
      [google?.credentials, google?.base],
      [{ clientId: 'id.apps.example', secret: { kind: 'text', value: 'shh' } }, null],
    );
    assert.deepEqual(await listOffered(services, tenant, { kind: 'staging', isHidden: true }), []);
    const serving = { ...services, config: { ...services.config, mode: 'serve' as const } };
    const staging = await getEnvironment(services, server.environmentId);
    assert.deepEqual(await listOffered(serving, tenantOf(server), staging), []);
  });

  it('keep a secret sealed, show it to nobody and forget it when asked to', async () => {
    await using server = await start();
    const { services } = server.running;
    const owner = await becomeOwner(server);
    const body = {
      client_id: 'mine',
      client_secret: 'the-secret-value',
      scopes: ['calendar'],
      return_tokens: true,
      position: 3,
    };
    const set = await asOperator(server, owner, 'PATCH', `${path}/SlackOAuth`, { body });
    assert.equal(set.status, 200);
    assert.ok(!JSON.stringify(set.json).includes('the-secret-value'));
    const stored = JSON.stringify([
      await services.db.all(sql`select * from social_providers`),
      await services.db.all(sql`select * from events`),
    ]);
    assert.ok(!stored.includes('the-secret-value'));
    const [change] = await eventsNamed(server, 'environment.updated');
    assert.equal(change?.part, 'social_providers.SlackOAuth');
    // Moved to another provider's row the secret does not open.
    await services.db.run(sql`
      insert into social_providers (environment_id, provider, is_enabled, has_tokens_returned, client_id, sealed_secret,
        scopes_json, created_at, updated_at)
      select environment_id, 'GitLabOAuth', 1, 0, client_id, sealed_secret, scopes_json, created_at, updated_at
      from social_providers`);
    const environment = await getEnvironment(services, server.environmentId);
    await assert.rejects(findOffered(services, tenantOf(server), environment, 'GitLabOAuth'));
    await services.db.run(sql`delete from social_providers where provider = 'GitLabOAuth'`);

    const without = await asOperator(server, owner, 'PATCH', `${path}/SlackOAuth`, { body: { enabled: false } });
    assert.deepEqual([without.json.client_id, without.json.enabled, without.json.position], ['mine', false, 3]);
    const reset = await asOperator(server, owner, 'DELETE', `${path}/SlackOAuth`);
    assert.deepEqual([reset.json.client_id, reset.json.source], [null, 'simulated']);
    assert.deepEqual(await services.db.all(sql`select * from social_providers`), []);
  });

  it('are refused half set up', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const refused = async (provider: string, body: object) => {
      const { status, json } = await asOperator(server, owner, 'PATCH', `${path}/${provider}`, { body });
      assert.equal(status, 422, JSON.stringify(json));
      return json.errors[0].field as string;
    };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    assert.equal(await refused('GoogleOAuth', { client_id: 'mine' }), 'client_secret');
    assert.equal(await refused('GoogleOAuth', { client_secret: 'mine' }), 'client_id');
    assert.equal(await refused('AppleOAuth', { client_id: 'com.example' }), 'private_key');
    assert.equal(await refused('AppleOAuth', { client_id: 'com.example', private_key: key }), 'key_id');
    const ids = { key_id: 'ABCDEFGHIJ', team_id: '0123456789' };
    assert.equal(
      await refused('AppleOAuth', { client_id: 'com.example', ...ids, private_key: 'no key' }),
      'private_key',
    );
    await refused('GoogleOAuth', { scopes: ['two words'] });
    await refused('NobodyOAuth', { enabled: true });
    const apple = { client_id: 'com.example', private_key: key, ...ids };
    const { status, json } = await asOperator(server, owner, 'PATCH', `${path}/AppleOAuth`, { body: apple });
    assert.deepEqual([status, json.source, json.team_id, json.key_id], [200, 'own', '0123456789', 'ABCDEFGHIJ']);
    // Another client with the secret of the one before.
    assert.equal(await refused('AppleOAuth', { client_id: 'com.other' }), 'private_key');
  });

  it('stand in the order that was chosen', async () => {
    await using server = await start();
    const { services } = server.running;
    const owner = await becomeOwner(server);
    await asOperator(server, owner, 'PATCH', `${path}/GitHubOAuth`, { body: { position: 0 } });
    await asOperator(server, owner, 'PATCH', `${path}/XeroOAuth`, { body: { position: 1, enabled: true } });
    const environment = await getEnvironment(services, server.environmentId);
    const offered = await listOffered(services, tenantOf(server), environment);
    assert.deepEqual(
      offered.map(({ provider }) => provider),
      ['GitHubOAuth', 'XeroOAuth', 'GoogleOAuth', 'MicrosoftOAuth', 'AppleOAuth'],
    );
  });
});
