import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { mount } from '../../test/mounted.ts';
import { sql, systemTenant, type Tenant } from '../core/index.ts';
import { createEnvironment } from '../environments/index.ts';
import { createUser, type UserRow } from '../users/index.ts';
import {
  assertMayTry,
  lockoutReactions,
  lockoutRoutes,
  noteInboxProved,
  noteSuccess,
  type Owner,
  ownerIdOf,
  purgeTries,
  TriedTooOften,
  type TryMethod,
} from './index.ts';
import { delays, failuresUntilLocked, triesPerWindow } from './schema.ts';

interface World extends AsyncDisposable {
  readonly services: TestServices;
  readonly tenant: Tenant;
  readonly ada: UserRow;
  /** Null when the try may be made, otherwise why not. */
  tried(owner: Owner, method?: TryMethod): Promise<TriedTooOften | null>;
  /** Tries in vain as fast as the limits allow. @returns seconds that took */
  fail(owner: Owner, times: number, method?: TryMethod): Promise<number>;
  succeed(method: TryMethod): Promise<void>;
  events(): Promise<unknown[]>;
}

async function start(services: TestServices): Promise<World> {
  const { db, clock } = services;
  const { environmentId } = await db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Acme' }),
  );
  const tenant = systemTenant(environmentId);
  const ada = await db.transaction((tx) => createUser(services, tenant, tx, { email: 'ada@example.com' }));
  assert.ok(ada !== 'email_taken');
  const tried: World['tried'] = async (owner, method = 'password') => {
    try {
      await assertMayTry(services, tenant, owner, method);
      return null;
    } catch (error) {
      assert.ok(error instanceof TriedTooOften, String(error));
      return error;
    }
  };
  return {
    services,
    tenant,
    ada,
    tried,
    async fail(owner, times, method = 'password') {
      const began = services.now();
      for (let made = 0; made < times; ) {
        const refusal = await tried(owner, method);
        if (!refusal) made++;
        else if (refusal.isLocked) assert.fail(`locked after ${made}`);
        else clock.advance(refusal.retryAfterSeconds);
      }
      return Math.round((services.now().getTime() - began.getTime()) / 1000);
    },
    succeed: (method) => db.transaction((tx) => noteSuccess(services, tx, tenant, ada.id, method)),
    events: () =>
      db.all(
        sql`select name, data_json from events where name in ('user.locked', 'user.unlocked') order by created_at, id`,
      ),
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  };
}

const stranger = { email: 'nobody@example.com' };

onEachEngine('tries', (open) => {
  it('are ten in a minute, and as many as one likes while they are right', async () => {
    await using world = await start(await open());
    const { ada, services } = world;
    assert.equal(await world.fail(ada, triesPerWindow), 0);
    const refusal = await world.tried(ada);
    assert.deepEqual([refusal?.isLocked, refusal?.retryAfterSeconds], [false, 60]);
    services.clock.advance(59);
    assert.equal((await world.tried(ada))?.retryAfterSeconds, 1);
    services.clock.advance(1);
    assert.equal(await world.tried(ada), null);
    for (let n = 0; n < 30; n++) {
      await world.succeed('password');
      assert.equal(await world.tried(ada), null);
    }
  });

  it('wait longer and longer from the twentieth failure in a row on', async () => {
    await using world = await start(await open());
    await world.fail(world.ada, 19);
    world.services.clock.advance(60);
    for (const { from, ms } of [...delays].reverse()) {
      const rows = await world.services.db.all(sql<{ failures: number }>`select failures from sign_in_tries`);
      await world.fail(world.ada, from - (rows[0]?.failures ?? 0));
      assert.equal((await world.tried(world.ada))?.retryAfterSeconds, ms / 1000, `after ${from}`);
    }
  });

  it('end at the hundredth failure in a row, and waiting does not help', async () => {
    await using world = await start(await open());
    const { ada, services } = world;
    const took = await world.fail(ada, failuresUntilLocked);
    assert.ok(took > 15 * 3600, `a hundred guesses took ${took} s`);
    services.clock.advance(10 * 86_400);
    assert.equal((await world.tried(ada))?.isLocked, true);
    await purgeTries(services);
    services.clock.advance(90 * 86_400);
    await purgeTries(services);
    assert.equal((await world.tried(ada))?.isLocked, true);
    assert.deepEqual(await world.events(), [{ name: 'user.locked', data: { id: ada.id, method: 'password' } }]);
  });

  it('of a locked password leave the other methods open, and those open it again', async () => {
    await using world = await start(await open());
    const { ada, services, tenant } = world;
    const isLocked = async () => (await world.tried(ada))?.isLocked === true;
    await world.fail(ada, failuresUntilLocked);
    for (const method of ['email_code', 'totp', 'recovery_code'] as const)
      assert.equal(await world.tried(ada, method), null, method);
    for (const method of ['password', 'totp', 'recovery_code'] as const) {
      if (method === 'password') continue;
      await world.succeed(method);
      assert.equal(await isLocked(), true, method);
    }
    await world.succeed('email_code');
    assert.equal(await world.tried(ada), null);
    await world.succeed('password');
    await world.fail(ada, failuresUntilLocked);
    await services.db.transaction((tx) => noteInboxProved(services, tx, tenant, ada.id));
    assert.equal(await isLocked(), false);
  });

  it('at a second factor are not forgotten when the password is right', async () => {
    await using world = await start(await open());
    const { ada } = world;
    await world.fail(ada, failuresUntilLocked, 'totp');
    await world.succeed('password');
    await world.succeed('email_code');
    assert.equal((await world.tried(ada, 'totp'))?.isLocked, true);
    await world.succeed('recovery_code');
    assert.equal(await world.tried(ada, 'totp'), null);
  });

  it('at mailed codes slow down and never end: strangers could shut the last door', async () => {
    await using world = await start(await open());
    await world.fail(world.ada, failuresUntilLocked + 5, 'email_code');
    assert.equal((await world.tried(world.ada, 'email_code'))?.isLocked, false);
  });

  it('count for an address that nobody has as for one that somebody has', async () => {
    await using world = await start(await open());
    const { services, tenant } = world;
    const walk = async (owner: Owner) => {
      const seen: (string | null)[] = [];
      for (let n = 0; n < 230; n++) {
        const refusal = await world.tried(owner);
        seen.push(refusal && `${refusal.isLocked} ${refusal.retryAfterSeconds} ${refusal.message}`);
        if (refusal) services.clock.advance(refusal.retryAfterSeconds);
      }
      return seen;
    };
    assert.deepEqual(await walk(stranger), await walk(world.ada));
    assert.equal(
      ownerIdOf(services, tenant, { email: 'NoBody@Example.com' }),
      ownerIdOf(services, tenant, stranger),
      'one address in another spelling',
    );
    assert.equal((await world.tried({ email: 'NOBODY@example.com' }))?.isLocked, true);
    const rows = JSON.stringify(await services.db.all(sql`select * from sign_in_tries`));
    assert.ok(!rows.includes('nobody@'), 'addresses that are nobody’s are not kept');
  });

  it('made at the same time are counted one by one', async () => {
    await using world = await start(await open());
    const atOnce = await Promise.all(Array.from({ length: 50 }, () => world.tried(world.ada)));
    assert.equal(atOnce.filter((refusal) => refusal === null).length, triesPerWindow);
    await world.succeed('password');
    await world.fail(world.ada, failuresUntilLocked - 1);
    world.services.clock.advance(3600);
    const last = await Promise.all(Array.from({ length: 20 }, () => world.tried(world.ada)));
    assert.equal(last.filter((refusal) => refusal === null).length, 1);
    assert.equal((await world.events()).length, 1);
  });

  it('belong to one environment, and go with the user', async () => {
    await using world = await start(await open());
    const { services, tenant, ada } = world;
    await world.fail(ada, triesPerWindow);
    await assertMayTry(services, systemTenant('environment_other'), ada, 'password');
    assert.ok(await world.tried(ada));
    const [reaction] = lockoutReactions;
    await services.db.transaction(async (tx) => reaction?.react(services, tx, tenant, { id: ada.id }));
    assert.equal(await world.tried(ada), null);
  });

  it('of long ago are forgotten', async () => {
    await using world = await start(await open());
    await world.fail(world.ada, 50);
    world.services.clock.advance(31 * 86_400);
    await purgeTries(world.services);
    assert.deepEqual(await world.services.db.all(sql`select * from sign_in_tries`), []);
  });
});

onEachEngine('the operator', (open) => {
  it('sees a user’s failures and opens a locked password', async () => {
    await using world = await start(await open());
    const { ada, services, tenant } = world;
    await using server = await mount(services, lockoutRoutes);
    const call = server.as(tenant.environmentId);
    const path = `/dashboard/api/users/${ada.id}`;
    await world.fail(ada, failuresUntilLocked);
    const { lockedAt } = await services.db.one(sql<{ lockedAt: Date }>`select locked_at from sign_in_tries`);
    assert.deepEqual((await call('GET', `${path}/lockout`)).body, {
      object: 'lockout',
      user_id: ada.id,
      methods: [
        {
          method: 'password',
          failures: failuresUntilLocked,
          next_try_at: null,
          locked_at: lockedAt.toISOString(),
        },
      ],
    });
    assert.deepEqual(await call('POST', `${path}/unlock`), { status: 200, body: null });
    assert.equal(await world.tried(ada), null);
    assert.deepEqual((await world.events()).at(-1), {
      name: 'user.unlocked',
      data: { id: ada.id, method: 'password' },
    });
    assert.equal((await server.as('environment_other')('POST', `${path}/unlock`)).status, 404);
  });
});
