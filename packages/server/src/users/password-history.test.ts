import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from '../../src/core/index.ts';
import { asOperator, becomeOwner } from '../../test/flows/steps.ts';
import { onEachEngine, type TestServer } from '../../test/harness.ts';

const password = (n: number): string => `purple monkey number ${['zero', 'one', 'two', 'three', 'four'][n]}`;

async function settings(server: TestServer, change: Record<string, unknown>): Promise<void> {
  const owner = await becomeOwner(server);
  const answer = await asOperator(server, owner, 'PATCH', '/dashboard/api/settings', { body: change });
  assert.equal(answer.status, 200);
}

const change = async (server: TestServer, id: string, plain: string): Promise<string> => {
  const { status, json } = await server.api('PUT', `/user_management/users/${id}`, { password: plain });
  return status === 200 ? 'changed' : json.errors[0].code;
};

const kept = async ({ running: { services } }: TestServer): Promise<number> =>
  (await services.db.one(sql<{ n: number }>`select count(*) as n from password_history`)).n;

onEachEngine('password history', (start) => {
  it('keeps nothing and compares nothing where nobody asked for it', async () => {
    await using server = await start();
    const { id } = await server.create.user({ password: password(0) });
    assert.equal(await change(server, id, password(1)), 'changed');
    assert.equal(await change(server, id, password(0)), 'changed');
    assert.equal(await change(server, id, password(0)), 'changed');
    assert.equal(await kept(server), 0);
  });

  it('refuses the password somebody has and as many earlier ones as asked for, and no more', async () => {
    await using server = await start();
    await settings(server, { password_history: 2 });
    const { id } = await server.create.user({ password: password(0) });
    assert.equal(await change(server, id, password(0)), 'password_used_before');
    assert.equal(await change(server, id, password(1)), 'changed');
    assert.equal(await change(server, id, password(2)), 'changed');
    assert.equal(await change(server, id, password(0)), 'password_used_before');
    assert.equal(await change(server, id, password(1)), 'password_used_before');
    assert.equal(await change(server, id, password(3)), 'changed');
    assert.equal(await kept(server), 2);
    assert.equal(await change(server, id, password(0)), 'changed');
  });

  it('knows the hashes of other systems too', async () => {
    await using server = await start();
    await settings(server, { password_history: 1 });
    const imported = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    const { id } = await server.create.user({ password_hash: imported, password_hash_type: 'bcrypt' });
    assert.equal(await change(server, id, password(1)), 'changed');
    const rows = await server.running.services.db.all(sql`select hash, hash_type, user_id from password_history`);
    assert.deepEqual(rows, [{ hash: imported, hashType: 'bcrypt', userId: id }]);
  });

  it('is each person’s own, and gone with the person or the setting', async () => {
    await using server = await start();
    await settings(server, { password_history: 3 });
    const [ada, grace] = [
      await server.create.user({ password: password(0) }),
      await server.create.user({ password: password(1) }),
    ];
    assert.equal(await change(server, ada.id, password(1)), 'changed');
    assert.equal(await change(server, grace.id, password(0)), 'changed');
    assert.equal(await kept(server), 2);
    await server.api('DELETE', `/user_management/users/${ada.id}`);
    assert.equal(await kept(server), 1);
    const owner = await server.running.services.db.one(sql<{ n: number }>`select count(*) as n from users`);
    assert.equal(owner.n, 2);
  });

  it('of everybody goes when the environment asks for none any more', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const set = (n: number) =>
      asOperator(server, owner, 'PATCH', '/dashboard/api/settings', { body: { password_history: n } });
    await set(3);
    const { id } = await server.create.user({ password: password(0) });
    await change(server, id, password(1));
    assert.equal(await kept(server), 1);
    await set(0);
    assert.equal(await kept(server), 0);
  });

  it('and every other rule is the environment’s own', async () => {
    await using server = await start();
    await settings(server, { password_min_length: 30, password_min_score: 4, refuse_leaked_passwords: true });
    const create = async (plain: string) =>
      (await server.api('POST', '/user_management/users', { email: 'ada@example.com', password: plain })).json;
    const short = await create('purple monkey dishwasher');
    assert.deepEqual(
      [short.code, short.errors],
      ['password_strength_error', [{ code: 'password_too_short', message: 'Use at least 30 characters.' }]],
    );
    assert.equal((await create('purple monkey dishwasher on a train')).email, 'ada@example.com');
  });
});
