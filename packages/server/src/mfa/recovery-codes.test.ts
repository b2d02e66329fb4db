import assert from 'node:assert/strict';
import { it } from 'node:test';
import { authenticator } from '../../test/authenticator-app.ts';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { sql, systemTenant, type Tenant } from '../core/index.ts';
import { createEnvironment } from '../environments/index.ts';
import { createUser, type UserRow } from '../users/index.ts';
import {
  acceptProposal,
  countRecoveryCodes,
  issueRecoveryCodes,
  listVerifiedFactors,
  mfaReactions,
  type Occasion,
  proposeTotp,
  recoveryCodesOf,
  redeemRecoveryCode,
  removeFactor,
  resetFactors,
  verifyTotp,
} from './index.ts';

interface World extends AsyncDisposable {
  readonly services: TestServices;
  readonly tenant: Tenant;
  readonly user: UserRow;
  issue(): Promise<string[]>;
  redeem(code: string, user?: UserRow): Promise<string>;
  addUser(email: string): Promise<UserRow>;
}

const from = { ipAddress: '192.0.2.1', userAgent: 'test' };

async function start(opened: TestServices): Promise<World> {
  const services = { ...opened, reactions: mfaReactions };
  const { db } = services;
  const { environmentId } = await db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Acme' }),
  );
  const tenant = systemTenant(environmentId);
  const addUser = async (email: string): Promise<UserRow> => {
    const user = await db.transaction((tx) => createUser(services, tenant, tx, { email }));
    assert.ok(user !== 'email_taken');
    return user;
  };
  const user = await addUser('ada@example.com');
  let occasions = 0;
  return {
    services,
    tenant,
    user,
    addUser,
    async issue() {
      const codes = await db.transaction((tx) =>
        issueRecoveryCodes(services, tenant, tx, user.id, `occasion ${occasions++}`),
      );
      return codes.map((code) => code.reveal());
    },
    async redeem(code, whose = user) {
      const result = await db.transaction((tx) => redeemRecoveryCode(services, tenant, tx, whose, { code, ...from }));
      return result.outcome === 'redeemed' ? `redeemed, ${result.left} left` : result.outcome;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

onEachEngine('recovery codes', (open) => {
  it('are ten, unlike each other, easy to copy and kept as keyed hashes', async () => {
    await using world = await start(await open());
    const codes = await world.issue();
    assert.equal(new Set(codes).size, 10);
    for (const code of codes) assert.match(code, /^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
    const rows = JSON.stringify(await world.services.db.all(sql`select * from recovery_codes`));
    for (const code of codes) assert.ok(!rows.includes(code) && !rows.includes(code.replace('-', '')));
  });

  it('are shown again for the same occasion and person, and for no other', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    const of = (userId: string, occasion: string) =>
      recoveryCodesOf(services, tenant, userId, occasion).map((code) => code.reveal());
    const codes = await world.issue();
    assert.deepEqual(of(user.id, 'occasion 0'), codes);
    for (const others of [of(user.id, 'occasion 1'), of('user_other', 'occasion 0')])
      assert.equal(codes.filter((code) => others.includes(code)).length, 0);
  });

  it('work once each, however they are typed', async () => {
    await using world = await start(await open());
    const [first = '', second = ''] = await world.issue();
    assert.equal(await world.redeem(first), 'redeemed, 9 left');
    assert.equal(await world.redeem(first), 'wrong');
    const typed = ` ${second.toUpperCase().replace('-', ' ').replaceAll('0', 'O').replaceAll('1', 'L')} `;
    assert.equal(await world.redeem(typed), 'redeemed, 8 left');
    assert.equal(await countRecoveryCodes(world.services.db, world.tenant, world.user.id), 8);
  });

  it('give one of fifty parallel redemptions the success', async () => {
    await using world = await start(await open());
    const [code = ''] = await world.issue();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.redeem(code)));
    assert.equal(outcomes.filter((outcome) => outcome.startsWith('redeemed')).length, 1, outcomes.join());
  });

  it('are put out of force by new ones, also by two sets made at the same time', async () => {
    await using world = await start(await open());
    const [old = ''] = await world.issue();
    await Promise.all([world.issue(), world.issue(), world.issue()]);
    assert.equal(await countRecoveryCodes(world.services.db, world.tenant, world.user.id), 10);
    assert.equal(await world.redeem(old), 'wrong');
  });

  it('are worth nothing to another user, even copied to their rows', async () => {
    await using world = await start(await open());
    const [code = ''] = await world.issue();
    const mallory = await world.addUser('mallory@example.com');
    assert.equal(await world.redeem(code, mallory), 'wrong');
    await world.services.db.run(sql`
      insert into recovery_codes select environment_id, ${mallory.id}, code_mac, mac_key_id, null, created_at from recovery_codes`);
    assert.equal(await world.redeem(code, mallory), 'wrong');
    assert.equal(await world.redeem(code), 'redeemed, 9 left');
  });

  it('of an absurd length are simply wrong', async () => {
    await using world = await start(await open());
    await world.issue();
    assert.equal(await world.redeem('x'.repeat(100_000)), 'wrong');
    assert.equal(await world.redeem(''), 'wrong');
  });
});

onEachEngine('a proposed factor', (open) => {
  const begin = async (world: World, id = 'attempt_1') => {
    const { services, tenant, user } = world;
    const occasion: Occasion = { id, issuer: 'Acme' };
    const proposal = await proposeTotp(services, services.db, tenant, user, occasion);
    const app = authenticator(proposal.secret.reveal(), services.now);
    return {
      ...proposal,
      app,
      accept: (code: string, whose: UserRow = user) =>
        services.db.transaction((tx) => acceptProposal(services, tenant, tx, whose, occasion, { code, ...from })),
      present: (code: string, whose: UserRow = user) =>
        services.db.transaction((tx) => verifyTotp(services, tenant, tx, whose, { code, ...from })),
    };
  };
  const verifiedOf = async ({ services, tenant, user }: World): Promise<number> =>
    (await listVerifiedFactors(services.db, tenant, user.id)).length;

  it('is the same each time it is shown, and is made by a right code', async () => {
    await using world = await start(await open());
    const { services } = world;
    const { secret, uri, app, accept, present } = await begin(world);
    assert.equal((await begin(world)).uri, uri);
    assert.match(uri, /^otpauth:\/\/totp\/Acme:ada%40example\.com\?/);
    assert.equal((await accept(app.wrong())).outcome, 'wrong');
    assert.deepEqual(await services.db.all(sql`select * from auth_factors`), []);
    assert.equal((await present(app.code())).outcome, 'wrong', 'what is only proposed proves nothing');
    assert.equal((await accept(app.code())).outcome, 'verified');
    assert.equal(await verifiedOf(world), 1);
    assert.notEqual((await begin(world)).secret.reveal(), secret.reveal(), 'the next one is another');
    services.clock.advance(30);
    assert.equal((await accept(app.code())).outcome, 'wrong', 'accepted twice');
    assert.equal((await present(app.code())).outcome, 'verified');
  });

  it('becomes one factor, however often its form is sent', async () => {
    await using world = await start(await open());
    const { app, accept } = await begin(world);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => accept(app.code())));
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'verified').length, 1);
    assert.equal(await verifiedOf(world), 1);
  });

  it('is nobody else’s to accept or use', async () => {
    await using world = await start(await open());
    const { services } = world;
    const mallory = await world.addUser('mallory@example.com');
    const { app, accept, present } = await begin(world);
    assert.equal((await accept(app.code(), mallory)).outcome, 'wrong');
    assert.equal((await accept(app.code())).outcome, 'verified');
    services.clock.advance(30);
    assert.equal((await present(app.code(), mallory)).outcome, 'wrong');
    const other = await services.db.transaction((tx) =>
      createEnvironment(services, tx, { name: 'Other', kind: 'staging', applicationName: 'Other' }),
    );
    const elsewhere = systemTenant(other.environmentId);
    const result = await services.db.transaction((tx) =>
      verifyTotp(services, elsewhere, tx, world.user, { code: app.code(), ...from }),
    );
    assert.equal(result.outcome, 'wrong');
  });

  it('gives one of fifty parallel sign-ins with one code the success', async () => {
    await using world = await start(await open());
    const { app, accept, present } = await begin(world);
    await accept(app.code());
    world.services.clock.advance(60);
    const code = app.code();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => present(code)));
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'verified').length, 1);
    assert.equal((await present(code)).outcome, 'used');
  });

  it('takes the recovery codes with it when the last factor goes, and all goes with a reset', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    for (const occasion of ['one', 'two']) {
      const { app, accept } = await begin(world, occasion);
      await accept(app.code());
    }
    await world.issue();
    const [one, two] = await listVerifiedFactors(services.db, tenant, user.id);
    const remove = (id = '') => services.db.transaction((tx) => removeFactor(services, tenant, tx, id));
    await remove(one?.id);
    assert.equal(await countRecoveryCodes(services.db, tenant, user.id), 10);
    await remove(two?.id);
    assert.equal(await countRecoveryCodes(services.db, tenant, user.id), 0);
    const three = await begin(world, 'three');
    await three.accept(three.app.code());
    await world.issue();
    await services.db.transaction((tx) => resetFactors(services, tenant, tx, user.id));
    assert.deepEqual([await verifiedOf(world), await countRecoveryCodes(services.db, tenant, user.id)], [0, 0]);
  });
});
