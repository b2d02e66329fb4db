import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { mount } from '../../test/mounted.ts';
import { createEnvironment } from '../environments/index.ts';
import { apiKeyRoutes, authenticateApiKey } from './index.ts';

const make = async (services: TestServices): Promise<string> => {
  const { environmentId } = await services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Shop' }),
  );
  return environmentId;
};

onEachEngine('API keys over HTTP', (open) => {
  it('shows a key once, lists it obfuscated, and ends it', async () => {
    await using services = await open();
    await using server = await mount(services, apiKeyRoutes);
    const environmentId = await make(services);
    const call = server.as(environmentId);

    const created = await call('POST', '/dashboard/api/api_keys', { name: ' CI ' });
    const { value, ...listed } = created.body as { id: string; value: string; created_at: string };
    assert.equal(created.status, 201);
    assert.match(value, /^sk_test_[0-9A-Za-z]{43}$/);
    assert.deepEqual(listed, {
      object: 'environment_api_key',
      id: listed.id,
      name: 'CI',
      obfuscated_value: `sk_test_…${value.slice(-4)}`,
      last_used_at: null,
      created_at: listed.created_at,
      created_by: 'grace@example.com',
    });
    assert.deepEqual(await call('GET', '/dashboard/api/api_keys'), {
      status: 200,
      body: { object: 'list', data: [listed], list_metadata: { before: null, after: null } },
    });
    assert.equal((await authenticateApiKey(services, value))?.environmentId, environmentId);
    assert.deepEqual(await call('DELETE', `/dashboard/api/api_keys/${listed.id}`), { status: 204, body: null });
    assert.equal(await authenticateApiKey(services, value), null);
    assert.equal((await call('DELETE', `/dashboard/api/api_keys/${listed.id}`)).status, 404);
  });

  it('hides keys from other environments', async () => {
    await using services = await open();
    await using server = await mount(services, apiKeyRoutes);
    const theirs = server.as(await make(services));
    const mine = server.as(await make(services));
    const { id, value } = (await theirs('POST', '/dashboard/api/api_keys', { name: 'CI' })).body as {
      id: string;
      value: string;
    };
    assert.deepEqual(await mine('DELETE', `/dashboard/api/api_keys/${id}`), {
      status: 404,
      body: { code: 'entity_not_found', message: `API key not found: '${id}'.`, entity_id: id },
    });
    assert.equal((await mine('GET', `/dashboard/api/api_keys?after=${id}`)).status, 422);
    assert.ok(await authenticateApiKey(services, value));
  });

  it('wants a name, and takes no value from outside', async () => {
    await using services = await open();
    await using server = await mount(services, apiKeyRoutes);
    const call = server.as(await make(services));
    for (const body of [{}, { name: '' }, { name: '   ' }, { name: 'x'.repeat(101) }, { name: 'C\0I' }]) {
      assert.equal((await call('POST', '/dashboard/api/api_keys', body)).status, 422);
    }
    const chosen = 'sk_test_chosen_by_the_caller';
    const { body } = await call('POST', '/dashboard/api/api_keys', { name: 'CI', value: chosen, secret: chosen });
    assert.notEqual((body as { value: string }).value, chosen);
    assert.equal(await authenticateApiKey(services, chosen), null);
  });
});
