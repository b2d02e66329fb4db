import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { mount } from '../../test/mounted.ts';
import { type ApiError, json, sql, systemTenant, type Tenant, TooManyRequests } from '../core/index.ts';
import { createEnvironment } from '../environments/index.ts';
import { codeIn, listMailbox, mailboxTransport, registerMail } from '../mail/index.ts';
import { createUser, getUser, toWire, type UserRow } from '../users/index.ts';
import { type Confirmation, refusalOf } from './confirm-email.ts';
import { DailyQuotaExceeded } from './errors.ts';
import {
  assertMaySend,
  authenticationReactions,
  authenticationRoutes,
  confirmEmail,
  purgeOneTimeCodes,
  type Redemption,
  sendVerificationCode,
  tryLimit,
} from './index.ts';
import { redeemOneTimeCode } from './one-time-code.ts';

const atOnce = 100;

interface World extends AsyncDisposable {
  readonly services: TestServices;
  readonly tenant: Tenant;
  readonly user: UserRow;
  /** Sends a code and reads it from the mail. Asked for by an app where no sign-in is named. */
  send(attemptId?: string): Promise<string>;
  /** So many for an app, no two of them alike. */
  sendDistinct(count: number): Promise<readonly string[]>;
  redeem(code: string, attemptId?: string): Promise<Redemption>;
  confirm(code: string): Promise<Confirmation>;
}

async function start(opened: TestServices, kind: 'staging' | 'production' = 'staging'): Promise<World> {
  const services = { ...opened, reactions: authenticationReactions };
  registerMail(services, mailboxTransport(services));
  services.jobs.start();
  const { db } = services;
  const { environmentId } = await db.transaction((tx) =>
    createEnvironment(services, tx, { name: kind, kind, applicationName: 'Acme' }),
  );
  const tenant = systemTenant(environmentId);
  const user = await db.transaction((tx) => createUser(services, tenant, tx, { email: 'ada@example.com' }));
  assert.ok(user !== 'email_taken');
  const send: World['send'] = async (attemptId) => {
    await db.transaction((tx) => sendVerificationCode(services, tenant, tx, user, attemptId));
    await services.jobs.idle();
    const [mail] = await listMailbox(services, { limit: 1 });
    return codeIn(mail?.text ?? '') ?? assert.fail('no code in the mail');
  };
  return {
    services,
    tenant,
    user,
    send,
    async sendDistinct(count) {
      const codes: string[] = [];
      for (let n = 0; n < count; n++) {
        const code = await send(`attempt_of_${n}`);
        if (codes.includes(code))
          await db.run(sql`delete from one_time_codes where attempt_id = ${`attempt_of_${n--}`}`);
        else codes.push(code);
      }
      await db.run(sql`update one_time_codes set attempt_id = null`);
      return codes;
    },
    redeem: (code, attemptId) =>
      db.transaction((tx) => redeemOneTimeCode(services, tenant, tx, { ...keyOf(user.id), attemptId }, code)),
    confirm: (code) =>
      db.transaction((tx) =>
        confirmEmail(services, tenant, tx, { user, code, ipAddress: '192.0.2.1', userAgent: 'test' }),
      ),
    async [Symbol.asyncDispose]() {
      await services.jobs.stop();
      await opened[Symbol.asyncDispose]();
    },
  };
}

const keyOf = (ownerId: string) => ({ purpose: 'email_verification', ownerId }) as const;

/** Six digits that are none of these codes. */
const noneOf = (codes: readonly string[]): string =>
  ['000000', '000001', '000002', '000003'].find((code) => !codes.includes(code)) ?? assert.fail();

/** Some code that is not this one. */
const other = (code: string): string => (code === '000000' ? '000001' : '000000');

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

onEachEngine('verification codes', (open) => {
  it('verifies the address it was mailed to, once', async () => {
    await using world = await start(await open());
    const code = await world.send();
    assert.deepEqual(await world.redeem(code), { outcome: 'verified', email: 'ada@example.com' });
    assert.deepEqual(await world.redeem(code), { outcome: 'used' });
  });

  it('gives one of a hundred parallel redemptions the success', async () => {
    await using world = await start(await open());
    const code = await world.send();
    const outcomes = (await times(atOnce, () => world.redeem(code))).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes.sort(), [...Array(atOnce - 1).fill('used'), 'verified']);
  });

  it('looks at five codes, however many come at the same time', async () => {
    await using world = await start(await open());
    const code = await world.send();
    const outcomes = (await times(atOnce, () => world.redeem(other(code)))).map(({ outcome }) => outcome);
    const wrong = outcomes.filter((outcome) => outcome === 'wrong').length;
    assert.deepEqual(
      [wrong, outcomes.filter((outcome) => outcome === 'exhausted').length],
      [tryLimit - 1, atOnce - tryLimit + 1],
    );
    const [row] = await world.services.db.all(sql<{ tries: number }>`select tries from one_time_codes`);
    assert.equal(row?.tries, tryLimit);
    assert.deepEqual(await world.redeem(code), { outcome: 'exhausted' });
  });

  it('counts down the tries, and the fifth may still be right', async () => {
    await using world = await start(await open());
    const code = await world.send();
    const wrong = ['', code.slice(0, 5), `${code}0`, ` ${code}`];
    for (const [index, guess] of wrong.entries()) {
      assert.deepEqual(await world.redeem(guess), { outcome: 'wrong', triesLeft: tryLimit - 1 - index });
    }
    assert.equal((await world.redeem(code)).outcome, 'verified');
  });

  it('works for ten minutes', async () => {
    await using world = await start(await open());
    const { clock } = world.services;
    const late = await world.send();
    clock.advance(601);
    assert.deepEqual(await world.redeem(late), { outcome: 'expired' });
    const inTime = await world.send();
    clock.advance(590);
    assert.equal((await world.redeem(inTime)).outcome, 'verified');
  });

  it('stays used when the clock moves back', async () => {
    await using world = await start(await open());
    const code = await world.send();
    await world.redeem(code);
    world.services.clock.advance(3600);
    assert.deepEqual(await world.redeem(code), { outcome: 'used' });
    world.services.clock.advance(-7000);
    assert.deepEqual(await world.redeem(code), { outcome: 'used' });
  });

  it('is put out of force by a newer one of the same sign-in, with five new tries', async () => {
    await using world = await start(await open());
    const first = await world.send('attempt_a');
    const second = await world.send('attempt_a');
    if (first !== second)
      assert.deepEqual(await world.redeem(first, 'attempt_a'), { outcome: 'wrong', triesLeft: tryLimit - 1 });
    assert.equal((await world.redeem(second, 'attempt_a')).outcome, 'verified');
  });

  it('leaves one in force when a sign-in asks several times at once', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    const ask = () => services.db.transaction((tx) => sendVerificationCode(services, tenant, tx, user, 'attempt_a'));
    await times(10, ask);
    await services.jobs.idle();
    const codes = (await listMailbox(services, { limit: 10 })).map(({ text }) => codeIn(text) ?? '');
    assert.equal(codes.length, 10);
    const outcomes: string[] = [];
    for (const code of new Set(codes)) {
      outcomes.push((await world.redeem(code, 'attempt_a')).outcome);
      await services.db.run(sql`update one_time_codes set tries = 0`);
    }
    assert.equal(outcomes.filter((outcome) => outcome === 'verified').length, 1);
  });

  it('stays in force whoever else asks, and is worth nothing in the sign-ins of others', async () => {
    await using world = await start(await open());
    const own = await world.send('attempt_owner');
    const ofApp = await world.send();
    for (let n = 0; n < 10; n++) {
      const stranger = `attempt_stranger_${n}`;
      const theirs = await world.send(stranger);
      if (own !== theirs && own !== ofApp) assert.equal((await world.redeem(own, stranger)).outcome, 'wrong');
      for (let guess = 0; guess < tryLimit; guess++) await world.redeem(noneOf([own, theirs, ofApp]), stranger);
    }
    assert.deepEqual(await world.redeem(own, 'attempt_owner'), { outcome: 'verified', email: 'ada@example.com' });
  });

  it('of an app stands beside the others, and each is compared with five guesses', async () => {
    await using world = await start(await open());
    const codes = await world.sendDistinct(3);
    const [first = '', second = '', third = ''] = codes;
    for (const code of [first, second]) assert.equal((await world.redeem(code)).outcome, 'verified');
    for (const code of [first, second]) assert.equal((await world.redeem(code)).outcome, 'used');
    for (let left = tryLimit - 1; left > 0; left--)
      assert.deepEqual(await world.redeem(noneOf(codes)), { outcome: 'wrong', triesLeft: left });
    assert.deepEqual(await world.redeem(noneOf(codes)), { outcome: 'exhausted' });
    assert.deepEqual(await world.redeem(third), { outcome: 'exhausted' });
  });

  it('gets no more guesses by having more of them sent', async () => {
    await using world = await start(await open());
    const codes = await world.sendDistinct(4);
    await times(atOnce, () => world.redeem(noneOf(codes)));
    const rows = await world.services.db.all(sql<{ tries: number }>`select tries from one_time_codes`);
    assert.deepEqual(rows, Array(4).fill({ tries: tryLimit }));
    for (const code of codes) assert.equal((await world.redeem(code)).outcome, 'exhausted');
  });

  it('is used once, however many others are in force and tried at the same time', async () => {
    await using world = await start(await open());
    const codes = await world.sendDistinct(3);
    const outcomes = await times(30, (n) => world.redeem(codes[n % 3] ?? ''));
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'verified').length, 3);
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'used').length, 27);
  });

  it('is worth nothing in another environment, for another user, or copied to another row', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    const { db } = services;
    const code = await world.send();
    const elsewhere = await db.transaction((tx) =>
      createEnvironment(services, tx, { name: 'Other', kind: 'staging', applicationName: 'Other' }),
    );
    const foreign = systemTenant(elsewhere.environmentId);
    assert.deepEqual(await db.transaction((tx) => redeemOneTimeCode(services, foreign, tx, keyOf(user.id), code)), {
      outcome: 'expired',
    });
    const eve = await db.transaction((tx) => createUser(services, tenant, tx, { email: 'eve@example.com' }));
    assert.ok(eve !== 'email_taken');
    await db.transaction((tx) => sendVerificationCode(services, tenant, tx, eve));
    await db.run(sql`
      update one_time_codes set code_mac = (select code_mac from one_time_codes where owner_id = ${user.id})
      where owner_id = ${eve.id}`);
    const copied = await db.transaction((tx) => redeemOneTimeCode(services, tenant, tx, keyOf(eve.id), code));
    assert.equal(copied.outcome, 'wrong');
  });

  it('is stored as a keyed hash and shown in no event', async () => {
    await using world = await start(await open());
    const { db } = world.services;
    const code = await world.send();
    await world.redeem(code);
    const rows = await db.all(sql<object>`select code_mac, email from one_time_codes`);
    const events = await db.all(
      sql<{ name: string; data: Record<string, unknown> }>`select name, data_json from events`,
    );
    assert.ok(!JSON.stringify([rows, events]).includes(code));
    const created = events.find(({ name }) => name === 'email_verification.created');
    assert.deepEqual(Object.keys(created?.data ?? {}).sort(), [
      'created_at',
      'email',
      'expires_at',
      'id',
      'object',
      'updated_at',
      'user_id',
    ]);
  });

  it('is forgotten a day after it expired', async () => {
    await using world = await start(await open());
    const { services } = world;
    const code = await world.send();
    services.clock.advance(86_400);
    await purgeOneTimeCodes(services);
    assert.equal((await services.db.all(sql`select id from one_time_codes`)).length, 1);
    services.clock.advance(3600);
    await purgeOneTimeCodes(services);
    assert.deepEqual(await services.db.all(sql`select id from one_time_codes`), []);
    assert.deepEqual(await world.redeem(code), { outcome: 'expired' });
  });
});

onEachEngine('confirming an address', (open) => {
  const authenticationEvents = ({ services }: World) =>
    services.db.all(sql<{ name: string; data: Record<string, unknown> }>`
      select name, data_json from events where name like 'authentication.%' order by created_at, id`);

  it('marks the user and records success', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    const confirmation = await world.confirm(await world.send());
    assert.equal(confirmation.outcome, 'verified');
    assert.equal((await getUser(services.db, tenant, user.id)).isEmailVerified, true);
    assert.deepEqual(await authenticationEvents(world), [
      {
        name: 'authentication.email_verification_succeeded',
        data: {
          type: 'email_verification',
          ip_address: '192.0.2.1',
          user_agent: 'test',
          user_id: user.id,
          email: 'ada@example.com',
          status: 'succeeded',
        },
      },
    ]);
  });

  it('records what failed and leaves the user unverified', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    const confirmation = await world.confirm(other(await world.send()));
    assert.deepEqual(confirmation, { outcome: 'wrong', triesLeft: tryLimit - 1 });
    assert.equal((await getUser(services.db, tenant, user.id)).isEmailVerified, false);
    const [event] = await authenticationEvents(world);
    assert.equal(event?.name, 'authentication.email_verification_failed');
    assert.deepEqual(event?.data.error, {
      code: 'email_verification_code_incorrect',
      message: 'That code is not right. Take the one of the newest mail.',
    });
  });

  it('does not prove an address the user took on after the code was mailed', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    const code = await world.send();
    // Straight in the table: through the API the code would go with the old address, as the next test shows.
    await services.db.run(sql`
      update users set email = 'new@example.com', email_key = 'new@example.com' where id = ${user.id}`);
    assert.deepEqual(await world.confirm(code), { outcome: 'expired' });
    assert.equal((await getUser(services.db, tenant, user.id)).isEmailVerified, false);
  });

  it('takes a code out of force when the user changes address or is deleted', async () => {
    await using world = await start(await open());
    const { services, tenant, user } = world;
    for (const [event, data] of [
      ['user.updated', { id: user.id, email: 'new@example.com' }],
      ['user.deleted', { id: user.id, email: user.email }],
    ] as const) {
      const code = await world.send();
      const reaction = authenticationReactions.find((one) => one.event === event);
      await services.db.transaction(async (tx) => reaction?.react(services, tx, tenant, data));
      assert.deepEqual(await world.redeem(code), { outcome: 'expired' }, event);
    }
    const kept = await world.send();
    const updated = authenticationReactions.find((one) => one.event === 'user.updated');
    await services.db.transaction(async (tx) => updated?.react(services, tx, tenant, { ...user }));
    assert.equal((await world.redeem(kept)).outcome, 'verified');
  });
});

onEachEngine('sending limits', (open) => {
  const refusals = async (world: World, email: string, count: number): Promise<unknown[]> => {
    const results = await times(count, () =>
      assertMaySend(world.services, world.tenant, email).then(
        () => null,
        (error) => error,
      ),
    );
    return results.filter((error) => error !== null);
  };

  it('allows three in a minute, ten in an hour and thirty in a day, whatever the case of the address', async () => {
    await using world = await start(await open(), 'production');
    const { clock } = world.services;
    const [fourth, ...more] = await refusals(world, 'Ada@example.com', 4);
    assert.ok(fourth instanceof TooManyRequests && !(fourth instanceof DailyQuotaExceeded));
    assert.equal(more.length, 0);
    assert.ok(fourth.retryAfterSeconds > 50 && fourth.retryAfterSeconds <= 60);
    assert.equal((await refusals(world, 'ada@EXAMPLE.com', 3)).length, 3);
    assert.equal((await refusals(world, 'grace@example.com', 3)).length, 0);

    // Three so far. Of the next minutes' nine, seven fit into the hour.
    let refused = 0;
    for (let minute = 0; minute < 3; minute++) {
      clock.advance(61);
      refused += (await refusals(world, 'ada@example.com', 3)).length;
    }
    assert.equal(refused, 2);

    // Ten an hour: the day is full after three of them.
    for (let hour = 0; hour < 2; hour++) {
      clock.advance(3601);
      for (const count of [3, 3, 3, 1]) {
        assert.equal((await refusals(world, 'ada@example.com', count)).length, 0);
        clock.advance(61);
      }
    }
    clock.advance(3601);
    const [last] = await refusals(world, 'ada@example.com', 1);
    assert.ok(last instanceof DailyQuotaExceeded);
    assert.equal(last.code, 'daily_quota_exceeded');
    assert.equal(last.toBody().code, 'daily_quota_exceeded');
    clock.advance(86_400);
    assert.equal((await refusals(world, 'ada@example.com', 1)).length, 0);
  });

  it('is relaxed in staging, unless its settings ask for the limits of production', async () => {
    await using world = await start(await open(), 'staging');
    assert.equal((await refusals(world, 'ada@example.com', 50)).length, 0);
    await using strict = await start(await open(), 'staging');
    await strict.services.db.run(sql`update environments set sign_in_json = ${json({ productionLimits: true })}`);
    assert.equal((await refusals(strict, 'ada@example.com', 5)).length, 2);
  });
});

onEachEngine('email_verification over HTTP', (open) => {
  const codeOf = (body: unknown) => (body as { code?: string }).code;

  it('sends and confirms', async () => {
    await using world = await start(await open());
    await using server = await mount(world.services, authenticationRoutes);
    const { services, tenant, user } = world;
    const call = server.as(tenant.environmentId);
    const path = `/user_management/users/${user.id}/email_verification`;

    assert.deepEqual(await call('POST', `${path}/send`), { status: 200, body: { user: toWire(user) } });
    await services.jobs.idle();
    const [mail] = await listMailbox(services, { to: 'ada@example.com', limit: 1 });
    const code = codeIn(mail?.text ?? '') ?? '';

    const wrong = await call('POST', `${path}/confirm`, { code: other(code) });
    assert.deepEqual([wrong.status, codeOf(wrong.body)], [400, 'email_verification_code_incorrect']);
    const none = await call('POST', `${path}/confirm`, {});
    assert.deepEqual([none.status, codeOf(none.body)], [422, 'invalid_request_parameters']);

    const confirmed = await call('POST', `${path}/confirm`, { code });
    const now = await getUser(services.db, tenant, user.id);
    assert.equal(now.isEmailVerified, true);
    assert.deepEqual(confirmed, { status: 200, body: { user: toWire(now) } });

    const again = await call('POST', `${path}/confirm`, { code });
    assert.deepEqual([again.status, codeOf(again.body)], [400, 'email_previously_verified']);
    const resent = await call('POST', `${path}/send`);
    assert.deepEqual([resent.status, codeOf(resent.body)], [400, 'email_already_verified']);
  });

  it('gives one of a hundred parallel confirmations the success', async () => {
    await using world = await start(await open());
    await using server = await mount(world.services, authenticationRoutes);
    const call = server.as(world.tenant.environmentId);
    const code = await world.send();
    const answers = await times(atOnce, () =>
      call('POST', `/user_management/users/${world.user.id}/email_verification/confirm`, { code }),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    assert.equal(refused.length, atOnce - 1);
    // Most are beyond ten a minute, and not even looked at.
    const known = ['email_verification_code_previously_used', 'email_previously_verified', 'rate_limit_exceeded'];
    for (const { body } of refused) assert.ok(known.includes(codeOf(body) ?? ''), codeOf(body));
  });

  it('knows no user of another environment', async () => {
    await using world = await start(await open());
    await using server = await mount(world.services, authenticationRoutes);
    const path = `/user_management/users/${world.user.id}/email_verification`;
    const elsewhere = server.as('environment_other');
    for (const [action, body] of [
      ['send', undefined],
      ['confirm', { code: '123456' }],
    ] as const) {
      const answer = await elsewhere('POST', `${path}/${action}`, body);
      assert.deepEqual(answer, {
        status: 404,
        body: {
          code: 'entity_not_found',
          message: `User not found: '${world.user.id}'.`,
          entity_id: world.user.id,
        },
      });
    }
  });

  it('says when an address had its mails of the minute', async () => {
    await using world = await start(await open(), 'production');
    await using server = await mount(world.services, authenticationRoutes);
    const call = server.as(world.tenant.environmentId);
    const path = `/user_management/users/${world.user.id}/email_verification/send`;
    const statuses = (await times(4, () => call('POST', path))).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [200, 200, 200, 429]);
  });
});

describe('refusals', () => {
  it('have the names the published contract has', () => {
    const codes = [
      refusalOf({ outcome: 'wrong', triesLeft: 1 }),
      refusalOf({ outcome: 'exhausted' }),
      refusalOf({ outcome: 'expired' }),
      refusalOf({ outcome: 'used' }),
    ].map((error: ApiError) => [error.status, error.code]);
    assert.deepEqual(codes, [
      [400, 'email_verification_code_incorrect'],
      [400, 'email_verification_code_incorrect'],
      [400, 'email_verification_code_expired'],
      [400, 'email_verification_code_previously_used'],
    ]);
  });
});
