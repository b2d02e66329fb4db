import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type Cbor, type Lies, SoftAuthenticator } from '../../test/authenticator.ts';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import {
  days,
  EntityNotFound,
  minutes,
  ReauthenticationRequired,
  sql,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { type Client, createEnvironment, findClient } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { createUser, toWire as toUserWire, type UserRow } from '../users/index.ts';
import {
  type Assertion,
  acceptAssertion,
  declineOffer,
  listPasskeys,
  mayOfferPasskey,
  type PasskeyRow,
  passkeyReactions,
  postponeOffer,
  purgePasskeyChallenges,
  type Registration,
  registerPasskey,
  removeOwnPasskey,
  renamePasskey,
  startAuthentication,
  startRegistration,
  supportsPasskeys,
  verifyAssertion,
} from './index.ts';
import { defaultName } from './names.ts';
import { maxPasskeysPerUser, toWire } from './schema.ts';

const origin = 'http://localhost:4100';
const holder = 'attempt_1';
const stands = async () => true;
const request = {
  ip: '192.0.2.1',
  userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/130.0 Safari/537.36',
};

/** An environment with one person in it, and the authenticator in their hand. */
interface World {
  readonly services: TestServices;
  readonly tenant: Tenant;
  readonly client: Client;
  readonly user: UserRow;
  readonly authenticator: SoftAuthenticator;
  register(more?: { lies?: Lies; user?: UserRow; authenticator?: SoftAuthenticator }): Promise<Registration>;
  /** Registers, and insists. */
  enrol(more?: { user?: UserRow; authenticator?: SoftAuthenticator; lies?: Lies }): Promise<PasskeyRow>;
  ask(userId?: string | null): ReturnType<typeof startAuthentication>;
  present(credential: string, from?: string): Promise<Assertion | null>;
  accept(assertion: Assertion): Promise<boolean>;
  /** Asks, signs, looks and counts. */
  signIn(lies?: Lies): Promise<boolean>;
  failures(): Promise<(string | null)[][]>;
}

async function newUser(services: TestServices, tenant: Tenant, email: string): Promise<UserRow> {
  const user = await services.db.transaction((tx) => createUser(services, tenant, tx, { email }));
  assert.ok(user !== 'email_taken');
  return user;
}

async function world(opened: TestServices): Promise<World> {
  const services = { ...opened, reactions: passkeyReactions };
  const { db } = services;
  const { environmentId, clientId } = await db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Acme' }),
  );
  const tenant = systemTenant(environmentId);
  const client = (await findClient(services, clientId)) ?? assert.fail();
  const ada = await newUser(services, tenant, 'ada@example.com');
  const adas = new SoftAuthenticator(origin);
  const made: World = {
    services,
    tenant,
    client,
    user: ada,
    authenticator: adas,
    async register({ lies, user = ada, authenticator = adas } = {}) {
      const options = await startRegistration(services, tenant, {
        client,
        user,
        holder,
        authenticatedAt: services.now(),
      });
      return registerPasskey(
        services,
        tenant,
        {
          user,
          holder,
          request,
          credential: authenticator.create(options, lies),
        },
        stands,
      );
    },
    async enrol(more) {
      const registration = await made.register(more);
      assert.equal(registration.outcome, 'registered', JSON.stringify(registration));
      return 'passkey' in registration ? registration.passkey : assert.fail();
    },
    ask: (userId = null) => startAuthentication(services, tenant, { holder, userId }),
    present: (credential, from = holder) => verifyAssertion(services, tenant, { credential, holder: from, request }),
    accept: (assertion) => db.transaction((tx) => acceptAssertion(services, tenant, tx, assertion, request)),
    async signIn(lies) {
      const assertion = await made.present(adas.get(await made.ask(), lies));
      return assertion !== null && made.accept(assertion);
    },
    async failures() {
      const rows = await db.all(sql<{ data: { error: { code: string }; email: string | null } }>`
        select data_json from events
        where environment_id = ${environmentId} and name = 'authentication.passkey_failed' order by created_at, id`);
      return rows.map(({ data }) => [data.error.code, data.email]);
    },
  };
  return made;
}

const eventsOf = async ({ services: { db }, tenant: { environmentId } }: World, like: string) =>
  (
    await db.all(sql<{ name: string }>`
      select name from events where environment_id = ${environmentId} and name like ${like} order by created_at, id`)
  ).map(({ name }) => name);

const dataOf = async <T>({ services: { db }, tenant: { environmentId } }: World, name: string): Promise<T[]> =>
  (
    await db.all(sql<{ data: T }>`
      select data_json from events where environment_id = ${environmentId} and name = ${name} order by created_at, id`)
  ).map(({ data }) => data);

const rowsLeft = ({ services: { db }, tenant: { environmentId: id } }: World): Promise<Record<string, number>> =>
  db.one(sql<Record<string, number>>`
    select (select count(*) from passkeys where environment_id = ${id}) as passkeys,
      (select count(*) from passkey_users where environment_id = ${id}) as users,
      (select count(*) from passkey_challenges where environment_id = ${id}) as challenges`);

onEachEngine('making a passkey', (open) => {
  let services: TestServices;
  before(async () => {
    services = await open();
  });
  after(() => services[Symbol.asyncDispose]());

  it('asks for one that signs in alone, and by a handle that says nothing of the person', async () => {
    const { tenant, client, user } = await world(services);
    const authenticatedAt = services.now();
    const ask = () => startRegistration(services, tenant, { client, user, holder, authenticatedAt });
    const { challenge, user: asked, ...options } = await ask();
    assert.deepEqual(
      { ...options, extensions: null },
      {
        rp: { id: 'localhost', name: 'Acme' },
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
        timeout: minutes(5),
        attestation: 'none',
        excludeCredentials: [],
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        extensions: null,
        hints: [],
      },
    );
    assert.equal(asked.name, 'ada@example.com');
    assert.equal(asked.displayName, 'ada@example.com (Staging)');
    const handle = Buffer.from(asked.id, 'base64url').toString();
    assert.match(handle, /^[0-9A-Za-z]{43}$/);
    assert.ok(challenge.length >= 43);
    const again = await ask();
    assert.equal(again.user.id, asked.id);
    assert.notEqual(again.challenge, challenge);
  });

  it('keeps it under the name of what made it, and tells of it without its key', async () => {
    const here = await world(services);
    const passkey = await here.enrol({
      lies: { aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349', backupEligible: true, backedUp: true },
    });
    assert.deepEqual(await dataOf(here, 'passkey.created'), [toWire(passkey)]);
    assert.deepEqual(toWire(passkey), {
      object: 'passkey',
      id: passkey.id,
      user_id: here.user.id,
      name: 'Bitwarden',
      aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349',
      transports: ['internal'],
      synced: true,
      backed_up: true,
      last_used_at: null,
      created_at: passkey.createdAt.toISOString(),
      updated_at: passkey.createdAt.toISOString(),
    });
    const [stored] = (await listPasskeys(services.db, here.tenant, here.user.id, { limit: 10, order: 'asc' })).rows;
    assert.deepEqual(stored, passkey);
  });

  it('names what this user has, so that no authenticator makes a second', async () => {
    const here = await world(services);
    const { credentialId } = await here.enrol();
    await assert.rejects(here.register(), /InvalidStateError/);
    const elsewhere = new SoftAuthenticator(origin);
    await here.enrol({ authenticator: elsewhere });
    const { client, user, tenant } = here;
    const authenticatedAt = services.now();
    const { excludeCredentials } = await startRegistration(services, tenant, { client, user, holder, authenticatedAt });
    assert.deepEqual(excludeCredentials?.map(({ id }) => id).sort(), [
      ...[credentialId, elsewhere.credentials[0]?.id].sort(),
    ]);
  });

  const lies: readonly [string, Lies][] = [
    ['made at another origin', { origin: 'https://localhost:4100' }],
    ['made at another port', { origin: 'http://localhost:4101' }],
    ['made for another host', { rpId: 'evil.example' }],
    ['made inside another page', { crossOrigin: true }],
    ['that is a signature', { type: 'webauthn.get' }],
    ['made without the person', { userPresent: false }],
    ['made without fingerprint, face or PIN', { userVerified: false }],
    ['that was copied although it cannot be', { backupEligible: false, backedUp: true }],
    ['with an attestation of a made-up kind', { attestation: { format: 'made-up', statement: new Map() } }],
  ];
  for (const [what, lie] of lies) {
    it(`refuses one ${what}`, async () => {
      const here = await world(services);
      assert.equal((await here.register({ lies: lie })).outcome, 'refused');
      assert.equal((await rowsLeft(here)).passkeys, 0);
      assert.deepEqual(await eventsOf(here, 'passkey.%'), []);
    });
  }

  it('asks nobody about certificates that it did not ask for', async () => {
    const here = await world(services);
    let calls = 0;
    const listener = createServer((_request, response) => {
      calls += 1;
      response.end();
    });
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    const { port } = listener.address() as AddressInfo;
    const certificate = Buffer.from(`CRL http://127.0.0.1:${port}/list.crl`);
    for (const format of ['packed', 'fido-u2f', 'tpm', 'android-key', 'apple']) {
      const statement = new Map<string, Cbor>([
        ['alg', -7],
        ['sig', Buffer.from('signature')],
        ['x5c', [certificate]],
      ]);
      assert.deepEqual(
        await here.register({
          lies: { attestation: { format, statement } },
          authenticator: new SoftAuthenticator(origin),
        }),
        { outcome: 'refused', why: 'an attestation nobody asked for' },
        format,
      );
    }
    listener.close();
    assert.equal(calls, 0);
  });

  it('refuses what is no credential, without failing', async () => {
    const { tenant, user, client, authenticator } = await world(services);
    const options = await startRegistration(services, tenant, {
      client,
      user,
      holder,
      authenticatedAt: services.now(),
    });
    const good = JSON.parse(authenticator.create(options));
    const broken = [
      '',
      'null',
      '[]',
      '{}',
      '{',
      'x'.repeat(20_000),
      JSON.stringify({ ...good, id: '../..' }),
      JSON.stringify({ ...good, type: 'password' }),
      JSON.stringify({ ...good, response: { ...good.response, clientDataJSON: 'AAAA' } }),
      JSON.stringify({ ...good, response: { ...good.response, attestationObject: '!' } }),
      JSON.stringify({ ...good, rawId: 'AAAA' }),
      JSON.stringify({ ...good, response: { ...good.response, attestationObject: 'AAAA' } }),
    ];
    for (const credential of broken) {
      const { outcome } = await registerPasskey(services, tenant, { user, holder, request, credential }, stands);
      assert.ok(outcome === 'refused' || outcome === 'stale', credential.slice(0, 80));
    }
  });

  it('takes one answer to a question, of many at once', async () => {
    const here = await world(services);
    const { client, user, tenant } = here;
    const options = await startRegistration(services, tenant, {
      client,
      user,
      holder,
      authenticatedAt: services.now(),
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        registerPasskey(
          services,
          tenant,
          {
            user,
            holder,
            request,
            credential: new SoftAuthenticator(origin).create(options),
          },
          stands,
        ),
      ),
    );
    assert.deepEqual(answers.map(({ outcome }) => outcome).sort(), ['registered', ...Array(19).fill('stale')]);
    assert.equal((await rowsLeft(here)).passkeys, 1);
  });

  it('takes an answer only from the browser and for the user it asked, and for five minutes', async () => {
    const here = await world(services);
    const { client, user, tenant } = here;
    const grace = await newUser(services, tenant, 'grace@example.com');
    const ask = async () =>
      here.authenticator.create({
        ...(await startRegistration(services, tenant, { client, user, holder, authenticatedAt: services.now() })),
        excludeCredentials: [],
      });
    const answer = (credential: string, more: { holder?: string; user?: UserRow }) =>
      registerPasskey(services, tenant, { user, holder, request, credential, ...more }, stands);
    assert.deepEqual(await answer(await ask(), { holder: 'attempt_2' }), { outcome: 'stale' });
    assert.deepEqual(await answer(await ask(), { user: grace }), { outcome: 'stale' });
    const late = await ask();
    services.clock.advance(300);
    assert.deepEqual(await answer(late, {}), { outcome: 'stale' });
    // A question for signing in is no question for making one.
    const { challenge } = await here.ask();
    assert.deepEqual(await answer(here.authenticator.create({ rp: {}, user: { id: 'x' }, challenge }), {}), {
      outcome: 'stale',
    });
    assert.equal((await rowsLeft(here)).passkeys, 0);
  });

  it('keeps none when what was proved no longer stands', async () => {
    const here = await world(services);
    const { client, user, tenant } = here;
    const options = await startRegistration(services, tenant, {
      client,
      user,
      holder,
      authenticatedAt: services.now(),
    });
    const credential = here.authenticator.create(options);
    const answer = await registerPasskey(services, tenant, { user, holder, request, credential }, async () => false);
    assert.deepEqual(answer, { outcome: 'stale' });
    assert.equal((await rowsLeft(here)).passkeys, 0);
  });

  it('takes a credential once in an environment, and for another user never', async () => {
    const here = await world(services);
    await here.enrol();
    const grace = await newUser(services, here.tenant, 'grace@example.com');
    const [credential] = here.authenticator.credentials;
    assert.ok(credential);
    const { client, tenant } = here;
    const options = await startRegistration(services, tenant, {
      client,
      user: grace,
      holder,
      authenticatedAt: services.now(),
    });
    // What a client of an attacker's own would send: Ada's credential id over a new key.
    const forger = new SoftAuthenticator(origin);
    const forged = JSON.parse(forger.create(options));
    const sameId = Buffer.from(credential.id, 'base64url');
    const other = Buffer.from(forger.credentials[0]?.id ?? '', 'base64url');
    const object = Buffer.from(forged.response.attestationObject, 'base64url');
    sameId.copy(object, object.indexOf(other));
    const answer = JSON.stringify({
      ...forged,
      id: credential.id,
      rawId: credential.id,
      response: { ...forged.response, attestationObject: object.toString('base64url') },
    });
    assert.deepEqual(
      await registerPasskey(services, tenant, { user: grace, holder, request, credential: answer }, stands),
      {
        outcome: 'known',
      },
    );
    assert.ok(await here.signIn());
  });

  it('is for those who proved who they are in the last ten minutes', async () => {
    const { client, user, tenant } = await world(services);
    const authenticatedAt = services.now();
    services.clock.advance(599);
    await startRegistration(services, tenant, { client, user, holder, authenticatedAt });
    services.clock.advance(2);
    await assert.rejects(
      startRegistration(services, tenant, { client, user, holder, authenticatedAt }),
      ReauthenticationRequired,
    );
  });

  it('ends at twenty for one user', async () => {
    const here = await world(services);
    const results: string[] = [];
    for (let count = 0; count <= maxPasskeysPerUser; count++)
      results.push((await here.register({ authenticator: new SoftAuthenticator(origin) })).outcome);
    assert.deepEqual(results, [...Array(maxPasskeysPerUser).fill('registered'), 'too_many']);
  });
});

onEachEngine('signing in with a passkey', (open) => {
  let services: TestServices;
  before(async () => {
    services = await open();
  });
  after(() => services[Symbol.asyncDispose]());

  it('proves its user, counts the use and tells of it', async () => {
    const here = await world(services);
    const passkey = await here.enrol();
    services.clock.advance(60);
    assert.ok(await here.signIn({ counter: 7 }));
    const [used] = (await listPasskeys(services.db, here.tenant, here.user.id, { limit: 1, order: 'asc' })).rows;
    assert.ok(used?.lastUsedAt && used.lastUsedAt.getTime() - passkey.createdAt.getTime() >= 60_000);
    assert.deepEqual(used, { ...passkey, counter: 7, lastUsedAt: used.lastUsedAt });
    const [event] = await dataOf(here, 'authentication.passkey_succeeded');
    assert.deepEqual(event, {
      type: 'passkey',
      status: 'succeeded',
      ip_address: request.ip,
      user_agent: request.userAgent,
      user_id: here.user.id,
      email: 'ada@example.com',
    });
  });

  it('asks without naming anybody’s passkeys', async () => {
    const here = await world(services);
    const { credentialId } = await here.enrol();
    const { challenge, ...options } = await here.ask();
    assert.ok(challenge);
    assert.deepEqual(JSON.parse(JSON.stringify(options)), {
      rpId: 'localhost',
      timeout: minutes(5),
      userVerification: 'required',
    });
    const known = await here.ask(here.user.id);
    assert.deepEqual(
      known.allowCredentials?.map(({ id }) => id),
      [credentialId],
    );
  });

  const lies: readonly [string, Lies, string][] = [
    ['made at another origin', { origin: 'https://evil.example' }, 'passkey_invalid'],
    ['made at another port', { origin: 'http://localhost:4101' }, 'passkey_invalid'],
    ['for another host', { rpId: 'evil.example' }, 'passkey_invalid'],
    ['made inside another page', { crossOrigin: true }, 'passkey_unreadable'],
    ['over the making of one', { type: 'webauthn.create' }, 'passkey_invalid'],
    ['to another question', { challenge: 'c29tZXRoaW5nIGVsc2U' }, 'passkey_challenge_expired'],
    ['without the person', { userPresent: false }, 'passkey_invalid'],
    ['without fingerprint, face or PIN', { userVerified: false }, 'passkey_invalid'],
    ['that was changed on its way', { brokenSignature: true }, 'passkey_invalid'],
    ['under somebody else’s handle', { userHandle: 'c29tZWJvZHkgZWxzZQ' }, 'passkey_of_another_user'],
    ['under no handle', { userHandle: null }, 'passkey_of_another_user'],
    ['by a key that can be copied now', { backupEligible: true, backedUp: true }, 'passkey_invalid'],
  ];
  for (const [what, lie, code] of lies) {
    it(`refuses a signature ${what}, and the question is spent`, async () => {
      const here = await world(services);
      await here.enrol();
      const options = await here.ask();
      assert.equal(await here.present(here.authenticator.get(options, lie)), null);
      const [failure] = await here.failures();
      assert.equal(failure?.[0], code);
      assert.deepEqual(await eventsOf(here, 'authentication.passkey_succeeded'), []);
      // Where the question was recognised, an honest answer to it comes too late.
      const spent = !['passkey_unreadable', 'passkey_challenge_expired'].includes(code);
      assert.equal((await here.present(here.authenticator.get(options))) === null, spent);
    });
  }

  it('refuses authenticator data that was changed after signing', async () => {
    const here = await world(services);
    await here.enrol();
    const answer = JSON.parse(here.authenticator.get(await here.ask(), { userVerified: false }));
    const data = Buffer.from(answer.response.authenticatorData, 'base64url');
    data[32] = (data[32] ?? 0) | 0x04;
    answer.response.authenticatorData = data.toString('base64url');
    assert.equal(await here.present(JSON.stringify(answer)), null);
  });

  it('refuses a signature seen before, from another browser, or later than five minutes', async () => {
    const here = await world(services);
    await here.enrol();
    const answer = here.authenticator.get(await here.ask(), { counter: 1 });
    assert.equal(await here.present(answer, 'attempt_2'), null);
    assert.ok(await here.present(answer));
    assert.equal(await here.present(answer), null);
    const late = here.authenticator.get(await here.ask(), { counter: 2 });
    services.clock.advance(300);
    assert.equal(await here.present(late), null);
    assert.deepEqual(await here.failures(), Array(3).fill(['passkey_challenge_expired', 'ada@example.com']));
  });

  it('takes one of many answers to one question', async () => {
    const here = await world(services);
    await here.enrol();
    const options = await here.ask();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => here.present(here.authenticator.get(options, { counter: index + 1 }))),
    );
    assert.equal(answers.filter((assertion) => assertion !== null).length, 1);
  });

  it('refuses a counter that went back or stood still, and tells the operator', async () => {
    const here = await world(services);
    const passkey = await here.enrol();
    assert.ok(await here.signIn({ counter: 9 }));
    for (const counter of [9, 8, 0]) assert.equal(await here.signIn({ counter }), false);
    assert.ok(await here.signIn({ counter: 10 }));
    assert.deepEqual(await here.failures(), Array(3).fill(['passkey_counter_went_back', 'ada@example.com']));
    const told = await dataOf<Record<string, unknown>>(here, 'passkey.counter_went_back');
    assert.deepEqual(
      told.map((data) => [data.id, data.counter, data.presented_counter]).sort(),
      [9, 8, 0].map((counter) => [passkey.id, 9, counter]).sort(),
    );
  });

  it('counts one of two copies that sign at the same time', async () => {
    const here = await world(services);
    await here.enrol();
    const looked = await Promise.all(
      Array.from({ length: 8 }, async () => here.present(here.authenticator.get(await here.ask(), { counter: 5 }))),
    );
    const accepted = await Promise.all(looked.map((assertion) => here.accept(assertion ?? assert.fail())));
    assert.deepEqual(accepted.sort(), [...Array(7).fill(false), true]);
  });

  it('takes any number of uses of an authenticator that does not count', async () => {
    const here = await world(services);
    await here.enrol();
    for (let count = 0; count < 3; count++) assert.ok(await here.signIn());
  });

  it('refuses a passkey of another environment, or of nobody', async () => {
    const here = await world(services);
    const there = await world(services);
    await there.enrol();
    assert.equal(await here.present(there.authenticator.get(await here.ask())), null);
    const stranger = new SoftAuthenticator(origin);
    stranger.create({ rp: {}, user: { id: 'x' }, challenge: 'x' });
    assert.equal(await here.present(stranger.get(await here.ask())), null);
    assert.deepEqual(await here.failures(), Array(2).fill(['passkey_unknown', null]));
    // The question of one environment is none of the other's.
    assert.equal(await there.present(there.authenticator.get(await here.ask())), null);
    assert.ok(await there.signIn());
  });

  it('refuses another user’s passkey where it knows whom it asked', async () => {
    const here = await world(services);
    await here.enrol();
    const grace = await newUser(services, here.tenant, 'grace@example.com');
    assert.equal(await here.present(here.authenticator.get(await here.ask(grace.id))), null);
    assert.deepEqual(await here.failures(), [['passkey_of_another_user', 'ada@example.com']]);
    // Whom it asked by name need not say the handle again.
    assert.ok(await here.present(here.authenticator.get(await here.ask(here.user.id), { userHandle: null })));
  });

  it('refuses one that is removed between looking and counting', async () => {
    const here = await world(services);
    const passkey = await here.enrol();
    const assertion = await here.present(here.authenticator.get(await here.ask()));
    assert.ok(assertion);
    await services.db.transaction((tx) =>
      removeOwnPasskey(
        services,
        here.tenant,
        tx,
        { userId: here.user.id, authenticatedAt: services.now() },
        passkey.id,
      ),
    );
    assert.equal(await here.accept(assertion), false);
    assert.deepEqual(await here.failures(), [['passkey_unknown', 'ada@example.com']]);
    assert.equal(await here.signIn(), false);
  });
});

onEachEngine('a person’s passkeys', (open) => {
  let services: TestServices;
  before(async () => {
    services = await open();
  });
  after(() => services[Symbol.asyncDispose]());

  it('are renamed and removed by their own user, and nobody else', async () => {
    const here = await world(services);
    const { tenant, user } = here;
    const grace = await newUser(services, tenant, 'grace@example.com');
    const { id } = await here.enrol();
    const authenticatedAt = services.now();
    const mine = { userId: user.id, authenticatedAt };
    const rename = (whose: typeof tenant, userId: string, name: string) =>
      services.db.transaction((tx) => renamePasskey(services, whose, tx, userId, id, name));
    await assert.rejects(rename(tenant, grace.id, 'Mine'), EntityNotFound);
    await assert.rejects(
      services.db.transaction((tx) => removeOwnPasskey(services, tenant, tx, { ...mine, userId: grace.id }, id)),
      EntityNotFound,
    );
    const elsewhere = await world(services);
    await assert.rejects(rename(elsewhere.tenant, user.id, 'Mine'), EntityNotFound);
    await assert.rejects(
      services.db.transaction((tx) => removeOwnPasskey(services, elsewhere.tenant, tx, mine, id)),
      EntityNotFound,
    );

    assert.equal((await rename(tenant, user.id, 'Work laptop')).name, 'Work laptop');
    services.clock.advance(601);
    await assert.rejects(
      services.db.transaction((tx) => removeOwnPasskey(services, tenant, tx, mine, id)),
      ReauthenticationRequired,
    );
    await services.db.transaction((tx) =>
      removeOwnPasskey(services, tenant, tx, { ...mine, authenticatedAt: services.now() }, id),
    );
    await assert.rejects(
      services.db.transaction((tx) =>
        removeOwnPasskey(services, tenant, tx, { ...mine, authenticatedAt: services.now() }, id),
      ),
      EntityNotFound,
    );
    assert.deepEqual((await eventsOf(here, 'passkey.%')).sort(), [
      'passkey.created',
      'passkey.deleted',
      'passkey.updated',
    ]);
  });

  it('go with the user, down to the last question', async () => {
    const here = await world(services);
    await here.enrol();
    await here.ask(here.user.id);
    const grace = await newUser(services, here.tenant, 'grace@example.com');
    await here.enrol({ user: grace, authenticator: new SoftAuthenticator(origin) });
    await here.services.db.transaction((tx) =>
      recordEvent(here.services, tx, here.tenant, { name: 'user.deleted', data: toUserWire(here.user) }),
    );
    assert.deepEqual(await rowsLeft(here), { passkeys: 1, users: 1, challenges: 1 });
    assert.equal(await here.signIn(), false);
  });

  it('leave no question behind for longer than it can be answered', async () => {
    const here = await world(services);
    await here.ask();
    services.clock.advance(299);
    await here.ask();
    services.clock.advance(1);
    await purgePasskeyChallenges(services);
    assert.equal((await rowsLeft(here)).challenges, 1);
  });
});

onEachEngine('the offer of a passkey', (open) => {
  let services: TestServices;
  before(async () => {
    services = await open();
  });
  after(() => services[Symbol.asyncDispose]());

  const on = { passkeySignIn: true, offerPasskeys: true };

  it('is made to whoever has none, where the settings say so', async () => {
    const here = await world(services);
    const may = (settings = on) => mayOfferPasskey(services, here.tenant, settings, here.user.id);
    assert.equal(await may(), true);
    assert.equal(await may({ ...on, passkeySignIn: false }), false);
    assert.equal(await may({ ...on, offerPasskeys: false }), false);
    await here.enrol();
    assert.equal(await may(), false);
  });

  it('comes back two weeks after "Not now", and never after "Never"', async () => {
    const here = await world(services);
    const may = () => mayOfferPasskey(services, here.tenant, on, here.user.id);
    await postponeOffer(services, here.tenant, here.user.id);
    assert.equal(await may(), false);
    services.clock.advance(days(14) / 1000 - 1);
    assert.equal(await may(), false);
    services.clock.advance(1);
    assert.equal(await may(), true);
    await declineOffer(services, here.tenant, here.user.id);
    services.clock.advance(days(1000) / 1000);
    assert.equal(await may(), false);
    // Somebody else decides for themselves.
    const grace = await newUser(services, here.tenant, 'grace@example.com');
    assert.equal(await mayOfferPasskey(services, here.tenant, on, grace.id), true);
  });

  it('keeps nothing of a user who is gone', async () => {
    const here = await world(services);
    await assert.rejects(postponeOffer(services, here.tenant, 'user_01ARZ3NDEKTSV4RRFFQ69G5FAV'), EntityNotFound);
    assert.equal((await rowsLeft(here)).users, 0);
  });
});

describe('a passkey’s name', () => {
  const windows =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
  const zeros = '00000000-0000-0000-0000-000000000000';
  for (const [aaguid, userAgent, name] of [
    ['fbfc3007-154e-4ecc-8c0b-6e020557d7bd', windows, 'iCloud Keychain'],
    ['08987058-cadc-4b81-b6e1-30de50dcbe96', null, 'Windows Hello'],
    [zeros, windows, 'Chrome on Windows'],
    [zeros, `${windows} Edg/130.0`, 'Edge on Windows'],
    [zeros, 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iPhone'],
    [zeros, 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox on Linux'],
    [zeros, 'Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36', 'Chrome on Android'],
    [zeros, 'curl/8', 'Passkey'],
    [zeros, null, 'Passkey'],
  ] as const) {
    it(`is ${name} for ${userAgent?.slice(0, 40) ?? 'no browser'}`, () =>
      assert.equal(defaultName(aaguid, userAgent), name));
  }
});

describe('passkeys work', () => {
  for (const [publicUrl, works] of [
    ['http://localhost:4100', true],
    ['https://auth.example.com', true],
    ['http://auth.example.com', false],
    ['http://127.0.0.1:4100', false],
    ['https://192.0.2.1', false],
    ['https://[2001:db8::1]', false],
  ] as const) {
    it(`${works ? '' : 'not '}at ${publicUrl}`, () =>
      assert.equal(supportsPasskeys({ config: { publicUrl } as never }), works));
  }
});
