import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authenticator } from '../../test/authenticator-app.ts';
import { eventsNamed } from '../../test/flows/steps.ts';
import { type Answer, onEachEngine, type TestServer } from '../../test/harness.ts';
import { sql, systemTenant } from '../core/index.ts';
import { InvalidOneTimeCode } from './errors.ts';
import { listVerifiedFactors, purgeMfa } from './index.ts';

const enroll = async (server: TestServer, userId: string, more: Record<string, unknown> = {}) => {
  const { status, json, text } = await server.api('POST', `/user_management/users/${userId}/auth_factors`, {
    type: 'totp',
    ...more,
  });
  assert.equal(status, 201, text);
  const { authentication_factor: factor, authentication_challenge: challenge } = json;
  return { factor, challenge, app: authenticator(factor.totp.secret, () => server.clock.now()) };
};

const challengeOf = async (server: TestServer, factorId: string): Promise<string> =>
  (await server.api('POST', `/auth/factors/${factorId}/challenge`, {})).json.id;

const verify = (server: TestServer, challengeId: string, code: string): Promise<Answer> =>
  server.api('POST', `/auth/challenges/${challengeId}/verify`, { code });

/** A user with an app that has been proved; its clock stands two steps later, so that every code is new. */
const withFactor = async (server: TestServer) => {
  const user = await server.create.user();
  const enrolled = await enroll(server, user.id);
  assert.equal((await verify(server, enrolled.challenge.id, enrolled.app.code())).json.valid, true);
  server.clock.advance(60);
  return { user, ...enrolled };
};

const outcomeOf = ({ status, json }: Answer): string =>
  status === 201 ? `valid ${json.valid}` : `${status} ${json.code}`;

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

onEachEngine('authentication factors', (start) => {
  it('are enrolled for a user, with everything an app needs, shown once', async () => {
    await using server = await start();
    const user = await server.create.user({ email: 'ada@example.com' });
    const { factor, challenge } = await enroll(server, user.id);
    const { secret, qr_code, uri } = factor.totp;
    const { created_at: at } = factor;
    const { created_at: askedAt } = challenge;
    const shown = {
      object: 'authentication_factor',
      id: factor.id,
      created_at: at,
      updated_at: at,
      type: 'totp',
      user_id: user.id,
      totp: { issuer: 'Your app', user: 'ada@example.com' },
    };
    assert.deepEqual(factor, { ...shown, totp: { ...shown.totp, secret, qr_code, uri } });
    assert.match(factor.id, /^auth_factor_[0-9A-Z]{26}$/);
    assert.match(secret, /^[A-Z2-7]{32}$/);
    assert.match(qr_code, /^data:image\/png;base64,/);
    assert.match(uri, new RegExp(`^otpauth://totp/Your%20app:ada%40example\\.com\\?.*secret=${secret}`));
    assert.deepEqual(challenge, {
      object: 'authentication_challenge',
      id: challenge.id,
      created_at: askedAt,
      updated_at: askedAt,
      expires_at: new Date(Date.parse(askedAt) + 600_000).toISOString(),
      authentication_factor_id: factor.id,
    });
    assert.deepEqual((await server.api('GET', `/auth/factors/${factor.id}`)).json, shown);
    assert.deepEqual((await server.api('GET', `/user_management/users/${user.id}/auth_factors`)).json, {
      object: 'list',
      data: [shown],
      list_metadata: { before: null, after: null },
    });
  });

  it('take names and a seed that were brought along', async () => {
    await using server = await start();
    const user = await server.create.user();
    const wanted = { totp_issuer: 'Acme', totp_user: 'ada', totp_secret: 'jbsw y3dp ehpk 3pxp' };
    const { factor, challenge, app } = await enroll(server, user.id, wanted);
    assert.deepEqual([factor.totp.issuer, factor.totp.user, factor.totp.secret], ['Acme', 'ada', 'JBSWY3DPEHPK3PXP']);
    assert.equal((await verify(server, challenge.id, app.code())).json.valid, true);
    const refused = await server.api('POST', `/user_management/users/${user.id}/auth_factors`, {
      type: 'totp',
      totp_secret: 'too short',
    });
    assert.deepEqual([refused.status, refused.json.errors[0].field], [422, 'totp_secret']);
  });

  it('are enrolled for users that we do not know, and say what is missing', async () => {
    await using server = await start();
    const post = (body: unknown) => server.api('POST', '/auth/factors/enroll', body);
    const made = await post({ type: 'totp', totp_issuer: 'Foo Corp', totp_user: 'alan@example.com' });
    assert.equal(made.status, 201);
    assert.equal('user_id' in made.json, false);
    const app = authenticator(made.json.totp.secret, () => server.clock.now());
    const answer = await verify(server, await challengeOf(server, made.json.id), app.code());
    assert.equal(outcomeOf(answer), 'valid true');
    assert.deepEqual(await eventsNamed(server, 'authentication.mfa_succeeded'), []);
    const nameless = await post({ type: 'totp', totp_issuer: 'Foo Corp' });
    assert.equal(nameless.status, 201);
    assert.match(nameless.json.totp.uri, /^otpauth:\/\/totp\/Foo%20Corp:Foo%20Corp\?/);
    const sms = await post({ type: 'sms', phone_number: '+15555555555' });
    assert.deepEqual([sms.status, sms.json.code], [422, 'sms_not_available']);
    assert.match(sms.json.message, /no SMS provider/);
    assert.equal(
      (await post({ type: 'totp', totp_user: 'x', user_id: 'user_01ARZ3NDEKTSV4RRFFQ69G5FAV' })).status,
      404,
    );
    const user = await server.create.user();
    assert.equal((await post({ type: 'totp', user_id: user.id })).json.user_id, user.id);
  });

  it('may have codes that the application carries', async () => {
    await using server = await start();
    const { json: factor } = await server.api('POST', '/auth/factors/enroll', { type: 'generic_otp' });
    assert.deepEqual(Object.keys(factor).sort(), ['created_at', 'id', 'object', 'type', 'updated_at']);
    const ask = async () => (await server.api('POST', `/auth/factors/${factor.id}/challenge`, {})).json;
    const [first, second] = [await ask(), await ask()];
    assert.match(first.code, /^\d{6}$/);
    if (first.code !== second.code)
      assert.equal(outcomeOf(await verify(server, first.id, second.code)), 'valid false', 'another challenge’s code');
    const { json } = await verify(server, first.id, first.code);
    assert.equal(json.valid, true);
    assert.equal('code' in json.challenge, false);
    assert.equal(
      outcomeOf(await verify(server, first.id, first.code)),
      '422 authentication_challenge_previously_verified',
    );
  });

  it('count once a code was right, and at once with a seed that was brought along', async () => {
    await using server = await start();
    const { services } = server.running;
    const user = await server.create.user();
    const verified = async () =>
      (await listVerifiedFactors(services.db, systemTenant(server.environmentId), user.id)).length;
    const { challenge, app } = await enroll(server, user.id);
    assert.equal(await verified(), 0);
    await verify(server, challenge.id, app.code());
    assert.equal(await verified(), 1);
    await enroll(server, user.id, { totp_secret: 'JBSWY3DPEHPK3PXP' });
    assert.equal(await verified(), 2);
  });

  it('that nobody finished are gone after a day, the others stay', async () => {
    await using server = await start();
    const { services } = server.running;
    const { user, factor } = await withFactor(server);
    await enroll(server, user.id);
    const ids = async () =>
      (await services.db.all(sql<{ id: string }>`select id from auth_factors`)).map(({ id }) => id);
    server.clock.advance(23 * 3600);
    await purgeMfa(services);
    assert.equal((await ids()).length, 2);
    server.clock.advance(2 * 3600);
    await purgeMfa(services);
    assert.deepEqual(await ids(), [factor.id]);
  });

  it('are deleted with their challenges, and the person is told', async () => {
    await using server = await start();
    const { user, factor, app } = await withFactor(server);
    const challenge = await challengeOf(server, factor.id);
    const deleted = await server.api('DELETE', `/auth/factors/${factor.id}`);
    assert.deepEqual([deleted.status, deleted.text], [200, '']);
    assert.equal((await server.api('GET', `/auth/factors/${factor.id}`)).status, 404);
    assert.equal((await server.api('DELETE', `/auth/factors/${factor.id}`)).status, 404);
    assert.equal((await verify(server, challenge, app.code())).status, 404);
    const [mail] = await server.mails(user.email);
    assert.match(mail?.subject ?? '', /^An authenticator app was removed/);
    assert.equal((await eventsNamed(server, 'authentication_factor.removed')).length, 1);
  });

  it('go with their user', async () => {
    await using server = await start();
    const { user } = await withFactor(server);
    await server.api('DELETE', `/user_management/users/${user.id}`);
    const left = await server.running.services.db.one(sql<{ n: number }>`
      select (select count(*) from auth_factors) + (select count(*) from auth_challenges)
        + (select count(*) from sign_in_tries) + (select count(*) from recovery_codes) as n`);
    assert.equal(left.n, 0);
  });

  it('keep their seeds sealed, each in its own row', async () => {
    await using server = await start();
    const [one, two] = [await withFactor(server), await withFactor(server)];
    const { db } = server.running.services;
    const rows = await db.all(sql<Record<string, unknown>>`select * from auth_factors`);
    for (const { factor } of [one, two]) assert.ok(!JSON.stringify(rows).includes(factor.totp.secret));
    // A thief who may write but not read the key puts their own seed into somebody else's row.
    await db.run(sql`update auth_factors set sealed_seed = (select sealed_seed from auth_factors where id = ${one.factor.id})
      where id = ${two.factor.id}`);
    const answer = await verify(server, await challengeOf(server, two.factor.id), one.app.code());
    assert.equal(answer.status, 500);
  });
});

onEachEngine('authentication challenges', (start) => {
  it('are answered once, with a right code', async () => {
    await using server = await start();
    const { factor, app } = await withFactor(server);
    const id = await challengeOf(server, factor.id);
    assert.equal(outcomeOf(await verify(server, id, app.wrong())), 'valid false');
    assert.equal(outcomeOf(await verify(server, id, app.code())), 'valid true');
    server.clock.advance(30);
    assert.equal(outcomeOf(await verify(server, id, app.code())), '422 authentication_challenge_previously_verified');
    // State first, time second.
    server.clock.advance(3600);
    assert.equal(outcomeOf(await verify(server, id, app.code())), '422 authentication_challenge_previously_verified');
    server.clock.advance(-7200);
    assert.equal(outcomeOf(await verify(server, id, app.code())), '422 authentication_challenge_previously_verified');
  });

  it('end after ten minutes', async () => {
    await using server = await start();
    const { factor, app } = await withFactor(server);
    const [late, inTime] = [await challengeOf(server, factor.id), await challengeOf(server, factor.id)];
    server.clock.advance(595);
    assert.equal(outcomeOf(await verify(server, inTime, app.code())), 'valid true');
    server.clock.advance(6);
    assert.equal(outcomeOf(await verify(server, late, app.code())), '422 authentication_challenge_expired');
  });

  it('take each step of an app once, in whatever challenge', async () => {
    await using server = await start();
    const { factor, app } = await withFactor(server);
    const [now, next] = [app.code(), app.code(1)];
    const fresh = () => challengeOf(server, factor.id);
    assert.equal(outcomeOf(await verify(server, await fresh(), next)), 'valid true', 'a fast clock');
    assert.equal(outcomeOf(await verify(server, await fresh(), next)), 'valid false', 'replayed');
    assert.equal(outcomeOf(await verify(server, await fresh(), now)), 'valid false', 'older than the newest one');
    server.clock.advance(60);
    assert.equal(outcomeOf(await verify(server, await fresh(), app.code())), 'valid true');
    // Not even when the clock goes back to where the code was good.
    server.clock.advance(-60);
    assert.equal(outcomeOf(await verify(server, await fresh(), now)), 'valid false');
  });

  it('give one of fifty parallel answers with one code the success', async () => {
    await using server = await start();
    const { user, factor, app } = await withFactor(server);
    const challenges = await times(50, () => challengeOf(server, factor.id));
    const code = app.code();
    const outcomes = (await times(50, (index) => verify(server, challenges[index] ?? '', code))).map(outcomeOf);
    assert.equal(outcomes.filter((outcome) => outcome === 'valid true').length, 1, outcomes.join());
    const won = (await eventsNamed(server, 'authentication.mfa_succeeded')).filter(
      ({ user_id }) => user_id === user.id,
    );
    assert.equal(won.length, 2, 'the enrolment and this one');
  });

  it('give one of fifty parallel answers to one challenge the success', async () => {
    await using server = await start();
    const { factor, app } = await withFactor(server);
    const id = await challengeOf(server, factor.id);
    const outcomes = (await times(50, () => verify(server, id, app.code()))).map(outcomeOf);
    assert.equal(outcomes.filter((outcome) => outcome === 'valid true').length, 1);
  });

  it('are dead after five wrong tries, however many come at the same time', async () => {
    await using server = await start();
    const { factor, app } = await withFactor(server);
    const id = await challengeOf(server, factor.id);
    const outcomes = (await times(50, () => verify(server, id, app.wrong()))).map(outcomeOf);
    assert.equal(outcomes.filter((outcome) => outcome === 'valid false').length, 5);
    const refused = ['400 one_time_code_too_many_attempts', '429 rate_limit_exceeded'];
    assert.equal(outcomes.filter((outcome) => refused.includes(outcome)).length, 45);
    server.clock.advance(60);
    assert.equal(outcomeOf(await verify(server, id, app.code())), '400 one_time_code_too_many_attempts');
  });

  it('share the failures of their user: ten tries a minute at all of them together', async () => {
    await using server = await start();
    const { user, factor, app } = await withFactor(server);
    const other = await enroll(server, user.id);
    for (let i = 0; i < 10; i++) {
      const which = i % 2 ? factor.id : other.factor.id;
      assert.equal(outcomeOf(await verify(server, await challengeOf(server, which), app.wrong())), 'valid false');
    }
    const refused = await verify(server, await challengeOf(server, factor.id), app.code());
    assert.equal(outcomeOf(refused), '429 rate_limit_exceeded');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal(outcomeOf(await verify(server, other.challenge.id, other.app.code())), '429 rate_limit_exceeded');
    server.clock.advance(60);
    assert.equal(outcomeOf(await verify(server, await challengeOf(server, factor.id), app.code())), 'valid true');
  });

  it('of a factor without a user are ten a minute as well', async () => {
    await using server = await start();
    const { json: factor } = await server.api('POST', '/auth/factors/enroll', { type: 'totp', totp_user: 'alan' });
    const app = authenticator(factor.totp.secret, () => server.clock.now());
    const outcomes = [];
    for (let i = 0; i < 11; i++)
      outcomes.push(outcomeOf(await verify(server, await challengeOf(server, factor.id), app.wrong())));
    assert.deepEqual(outcomes, [...Array(10).fill('valid false'), '429 rate_limit_exceeded']);
  });

  it('forget failures after a right code', async () => {
    await using server = await start();
    const { factor, app } = await withFactor(server);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 9; i++) await verify(server, await challengeOf(server, factor.id), app.wrong());
      assert.equal(outcomeOf(await verify(server, await challengeOf(server, factor.id), app.code())), 'valid true');
      server.clock.advance(30);
    }
  });

  it('tell of success and failure as the published events do', async () => {
    await using server = await start();
    const user = await server.create.user({ email: 'ada@example.com' });
    const { challenge, app } = await enroll(server, user.id);
    await verify(server, challenge.id, app.wrong());
    await verify(server, challenge.id, app.code());
    const data = { type: 'mfa', ip_address: null, user_agent: null, user_id: user.id, email: 'ada@example.com' };
    const [failed] = await eventsNamed(server, 'authentication.mfa_failed');
    const error = { code: 'invalid_one_time_code', message: new InvalidOneTimeCode().message };
    assert.deepEqual(failed, { ...data, status: 'failed', error });
    assert.deepEqual(await eventsNamed(server, 'authentication.mfa_succeeded'), [{ ...data, status: 'succeeded' }]);
    const [enrolled] = await eventsNamed(server, 'authentication_factor.enrolled');
    assert.ok(!JSON.stringify(enrolled).includes('secret'));
    const [mail] = await server.mails(user.email);
    assert.match(mail?.subject ?? '', /^An authenticator app was added/);
  });
});

describe('authentication factors', () => {
  it('are paged', async () => {
    const { startServer } = await import('../../test/harness.ts');
    await using server = await startServer();
    const user = await server.create.user();
    for (let i = 0; i < 3; i++) await enroll(server, user.id);
    const path = `/user_management/users/${user.id}/auth_factors`;
    const first = (await server.api('GET', `${path}?limit=2`)).json;
    const second = (await server.api('GET', `${path}?limit=2&after=${first.list_metadata.after}`)).json;
    assert.deepEqual([first.data.length, second.data.length, second.list_metadata.after], [2, 1, null]);
    const other = await enroll(server, (await server.create.user()).id);
    assert.equal((await server.api('GET', `${path}?after=${other.factor.id}`)).status, 422);
  });
});
