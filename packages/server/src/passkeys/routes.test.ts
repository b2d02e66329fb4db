import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SoftAuthenticator } from '../../test/authenticator.ts';
import { givePasskey, usePasskey } from '../../test/flows/passkey-steps.ts';
import { asOperator, becomeOwner, eventsNamed } from '../../test/flows/steps.ts';
import { onEachEngine } from '../../test/harness.ts';
import { toWire } from './schema.ts';

onEachEngine('an operator', (start) => {
  it('lists the passkeys of a user, in pages, newest first', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { id } = await server.create.user();
    const path = `/dashboard/api/users/${id}/passkeys`;
    const none = await asOperator(server, owner, 'GET', path);
    assert.deepEqual(none.json, { object: 'list', data: [], list_metadata: { before: null, after: null } });
    const first = await givePasskey(server, id, new SoftAuthenticator(server.url));
    server.clock.advance(1);
    const second = await givePasskey(server, id, new SoftAuthenticator(server.url));
    const someoneElse = await server.create.user();
    const other = await givePasskey(server, someoneElse.id, new SoftAuthenticator(server.url));

    const { status, json } = await asOperator(server, owner, 'GET', path);
    assert.deepEqual([status, json.data], [200, [toWire(second), toWire(first)]]);
    const page = await asOperator(server, owner, 'GET', `${path}?limit=1&after=${second.id}`);
    assert.deepEqual(page.json.data, [toWire(first)]);
    assert.equal((await asOperator(server, owner, 'GET', `${path}?after=${other.id}`)).status, 422);
  });

  it('deletes one, which signs nobody in any more', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { id } = await server.create.user();
    const authenticator = new SoftAuthenticator(server.url);
    const passkey = await givePasskey(server, id, authenticator);
    assert.ok(await usePasskey(server, authenticator, { counter: 1 }));
    const path = `/dashboard/api/passkeys/${passkey.id}`;
    const { status, json } = await asOperator(server, owner, 'DELETE', path);
    assert.deepEqual([status, json], [200, null]);
    assert.equal((await asOperator(server, owner, 'DELETE', path)).status, 404);
    assert.equal(await usePasskey(server, authenticator, { counter: 2 }), false);
    const [event] = await eventsNamed(server, 'passkey.deleted');
    assert.equal(event?.id, passkey.id);
  });

  it('deletes one only shortly after proving who they are', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { id } = await server.create.user();
    const passkey = await givePasskey(server, id, new SoftAuthenticator(server.url));
    server.clock.advance(16 * 60);
    const { status, json } = await asOperator(server, owner, 'DELETE', `/dashboard/api/passkeys/${passkey.id}`);
    assert.deepEqual([status, json.code], [403, 'reauthentication_required']);
    assert.equal((await asOperator(server, owner, 'GET', `/dashboard/api/users/${id}/passkeys`)).json.data.length, 1);
  });
});
