import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { letPass } from '../../test/time.ts';
import { cacheTtlMs, EntityNotFound, Secret, sql, systemTenant, type Tenant } from '../core/index.ts';
import { createEnvironment } from '../environments/index.ts';
import { addApiKey, type NewKey, revokeApiKey } from './add-api-key.ts';
import { authenticateApiKey } from './authenticate-api-key.ts';
import { ApiKeyTaken, ApiKeyUnusable } from './errors.ts';
import type { ApiKeyRow } from './schema.ts';
import { listApiKeys } from './store.ts';

async function environment(services: TestServices, kind: 'staging' | 'production' = 'staging'): Promise<Tenant> {
  const { environmentId } = await services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Test', kind, applicationName: 'Shop' }),
  );
  return systemTenant(environmentId);
}

const add = (services: TestServices, tenant: Tenant, key: Partial<NewKey> = {}) =>
  services.db.transaction((tx) => addApiKey(services, tx, tenant, { name: 'CI', createdBy: null, ...key }));

const rowsOf = async (services: TestServices, tenant: Tenant): Promise<readonly ApiKeyRow[]> =>
  (await listApiKeys(services.db, tenant, { limit: 100, order: 'asc' })).rows;

/** The use is written beside the request, so a test waits for it as an operator would: by looking again. */
async function lastUsed(services: TestServices, tenant: Tenant, differsFrom: Date | null): Promise<Date | null> {
  for (let tries = 0; tries < 100; tries++) {
    const at = (await rowsOf(services, tenant))[0]?.lastUsedAt ?? null;
    if (at?.getTime() !== differsFrom?.getTime()) return at;
    await wait(10);
  }
  return differsFrom;
}

onEachEngine('API keys', (open) => {
  it('opens its own environment and names itself as the actor', async () => {
    await using services = await open();
    const tenant = await environment(services);
    const { row, secret } = await add(services, tenant, { name: 'Deploy', createdBy: 'Grace' });
    const authenticated = await authenticateApiKey(services, secret.reveal());
    assert.deepEqual(authenticated, {
      environmentId: tenant.environmentId,
      actor: { type: 'api_key', id: row.id, name: 'Deploy' },
    });
  });

  it('says by its prefix where it belongs, and carries 256 bits', async () => {
    await using services = await open();
    const test = await add(services, await environment(services));
    const live = await add(services, await environment(services, 'production'));
    assert.match(test.secret.reveal(), /^sk_test_[0-9A-Za-z]{43}$/);
    assert.match(live.secret.reveal(), /^sk_live_[0-9A-Za-z]{43}$/);
    assert.equal(test.row.obfuscatedValue, `sk_test_…${test.secret.reveal().slice(-4)}`);
  });

  it('is nowhere in the database', async () => {
    await using services = await open();
    const { secret } = await add(services, await environment(services));
    const stored = JSON.stringify(await services.db.all(sql`select * from api_keys`));
    assert.equal(stored.includes(secret.reveal().slice('sk_test_'.length, 30)), false);
  });

  it('is another key when it is cut, padded, re-cased or changed in one character', async () => {
    await using services = await open();
    const { secret } = await add(services, await environment(services));
    const value = secret.reveal();
    const last = value.endsWith('a') ? 'b' : 'a';
    const others = [
      '',
      value.slice(0, -1),
      value.slice(1),
      `${value} `,
      ` ${value}`,
      `${value}\n`,
      `${value}\0`,
      `${value}A`,
      value.toUpperCase(),
      value.toLowerCase(),
      value.slice(0, -1) + last,
      value.replace('sk_test_', 'sk_live_'),
      secret.hash(),
      value.repeat(1000),
    ];
    for (const other of others)
      assert.equal(await authenticateApiKey(services, other), null, JSON.stringify(other.slice(0, 80)));
    assert.ok(await authenticateApiKey(services, value));
  });

  it('opens nothing from the moment it is revoked, and is not listed any more', async () => {
    await using services = await open();
    const tenant = await environment(services);
    const { row, secret } = await add(services, tenant);
    const kept = await add(services, tenant, { name: 'Kept' });
    assert.ok(await authenticateApiKey(services, secret.reveal()));
    await revokeApiKey(services, tenant, row.id);
    assert.equal(await authenticateApiKey(services, secret.reveal()), null);
    assert.ok(await authenticateApiKey(services, kept.secret.reveal()));
    assert.deepEqual(
      (await rowsOf(services, tenant)).map(({ id }) => id),
      [kept.row.id],
    );
    await assert.rejects(revokeApiKey(services, tenant, row.id), EntityNotFound);
  });

  it('cannot be revoked from another environment', async () => {
    await using services = await open();
    const tenant = await environment(services);
    const { row, secret } = await add(services, tenant);
    await assert.rejects(revokeApiKey(services, await environment(services), row.id), EntityNotFound);
    assert.ok(await authenticateApiKey(services, secret.reveal()));
  });

  it('is believed for seconds only when another node revoked it', async (t) => {
    await using services = await open();
    const tenant = await environment(services);
    const { secret } = await add(services, tenant);
    assert.ok(await authenticateApiKey(services, secret.reveal()));
    await services.db.run(sql`update api_keys set revoked_at = ${services.now()}`);
    assert.ok(await authenticateApiKey(services, secret.reveal()), 'what is remembered is not looked up');
    await letPass(t, cacheTtlMs + 1);
    assert.equal(await authenticateApiKey(services, secret.reveal()), null);
  });

  it('works as soon as it is made, even when it was tried before', async () => {
    await using services = await open();
    const tenant = await environment(services);
    const secret = new Secret('sk_example_123456789');
    assert.equal(await authenticateApiKey(services, secret.reveal()), null);
    await add(services, tenant, { secret });
    assert.ok(await authenticateApiKey(services, secret.reveal()));
  });

  it('is the same key when the same value comes again, and nobody else’s', async () => {
    await using services = await open();
    const tenant = await environment(services);
    const secret = new Secret('sk_example_123456789');
    const { row } = await add(services, tenant, { secret });
    assert.equal((await add(services, tenant, { secret })).row.id, row.id);
    assert.equal((await rowsOf(services, tenant)).length, 1);
    await assert.rejects(add(services, await environment(services), { secret }), ApiKeyTaken);
    await revokeApiKey(services, tenant, row.id);
    await assert.rejects(add(services, tenant, { secret }), ApiKeyTaken);
  });

  it('refuses a given value that no request could carry', async () => {
    await using services = await open();
    const tenant = await environment(services);
    for (const value of [
      '',
      'sk_',
      'sk_short',
      'hunter2hunter2hunter2',
      'sk_with a space in it',
      'sk_line\nbreak_in_it',
      `sk_${'x'.repeat(300)}`,
    ]) {
      await assert.rejects(add(services, tenant, { secret: new Secret(value) }), ApiKeyUnusable, value);
    }
  });

  it('notes when it was last used, to the minute', async () => {
    await using services = await open();
    const tenant = await environment(services);
    const { secret } = await add(services, tenant);
    await authenticateApiKey(services, secret.reveal());
    const first = await lastUsed(services, tenant, null);
    assert.ok(first);
    services.clock.advance(30);
    for (let n = 0; n < 5; n++) await authenticateApiKey(services, secret.reveal());
    await wait(50);
    assert.deepEqual((await rowsOf(services, tenant))[0]?.lastUsedAt, first);
    services.clock.advance(31);
    await authenticateApiKey(services, secret.reveal());
    const second = await lastUsed(services, tenant, first);
    assert.ok(second && second.getTime() - first.getTime() >= 60_000);
  });
});
