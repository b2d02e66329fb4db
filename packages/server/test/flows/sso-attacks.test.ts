import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql, systemTenant } from '../../src/core/index.ts';
import { updateConnection } from '../../src/sso/connections.ts';
import { onEachEngine, type TestServer } from '../harness.ts';
import { startOidcProvider } from '../oidc-provider.ts';
import { connect, departureOf, selecting, signInByConnection } from './sso-steps.ts';
import { eventsNamed, makeUser, waysIn } from './steps.ts';

const ada = { sub: 'ada-1', email: 'ada@acme.com' };
const mallory = { sub: 'mallory-1', email: 'mallory@acme.com' };

const nobody = { codes: 0, browsers: 0, sessions: 0 };

const begin = (server: TestServer, connectionId: string, browser = server.browser()) =>
  browser.open(selecting(server, { connection_id: connectionId })).then(departureOf);

onEachEngine('attacks on sign-on at a provider', (start) => {
  it('a callback works once, however often and however many at a time come with it', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const browser = server.browser();
    const callback = await provider.answer(await begin(server, connectionId, browser));
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(callback, { redirect: 'manual' })));
    const tickets = answers.flatMap(({ headers }) => headers.get('location') ?? []);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, ...Array(19).fill(400)]);
    const [ticket = ''] = tickets;
    assert.match(ticket, /^\/sso\/return\?ticket=/);
    // The one who got the ticket has it; of many who come with it, in the browser of the sign-in, one is counted.
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const returns = await Promise.all(
      Array.from({ length: 20 }, () => fetch(new URL(ticket, server.url), { redirect: 'manual', headers: { cookie } })),
    );
    assert.ok(returns.every(({ status }) => status === 303 || status === 400));
    assert.equal((await eventsNamed(server, 'authentication.sso_succeeded')).length, 1);
    assert.deepEqual(await waysIn(server), { codes: 1, browsers: 1, sessions: 0 });
  });

  it('a sign-in goes on in the browser that began it, and with the answer that this browser brought', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    // Mallory begins, and lures Ada to the provider, where she is signed in.
    const hers = server.browser();
    const url = await begin(server, connectionId, hers);
    provider.person = ada;
    const lured = server.browser();
    const inAdas = await lured.open((await provider.answer(url)).href);
    assert.equal(inAdas.status, 400, 'Ada’s browser has no such sign-in');
    // Mallory knows `state`, and not the ticket that went to Ada’s browser.
    const state = url.searchParams.get('state') ?? '';
    for (const address of [`/sso/return?ticket=${state}`, `/sso/oidc/callback/${connectionId}?state=${state}&code=x`]) {
      const { status } = await hers.open(address);
      assert.equal(status, 400, address);
    }
    assert.deepEqual(await waysIn(server), nobody);
    // And the other way round: Mallory’s finished trip signs nobody in elsewhere.
    provider.person = mallory;
    const callback = await provider.answer(await begin(server, connectionId, server.browser()));
    assert.equal((await server.browser().open(callback.href)).status, 400);
    assert.deepEqual(await waysIn(server), nobody);
  });

  it('no provider answers for another: each has a callback of its own', async () => {
    await using server = await start();
    await using honest = await startOidcProvider();
    await using evil = await startOidcProvider();
    const acme = await connect(server, honest);
    const other = await connect(server, evil, { name: 'Evil', domain: 'evil.com' });
    honest.person = ada;
    evil.person = { sub: 'ada-1', email: 'ada@acme.com' };
    // An answer to a question that was put to the honest provider, at the evil one’s callback, and the other way round.
    for (const [asked, from] of [
      [acme, evil],
      [other, honest],
    ] as const) {
      const browser = server.browser();
      const url = await begin(server, asked.connectionId, browser);
      const elsewhere = asked === acme ? other.connectionId : acme.connectionId;
      const foreign = await from.answer(
        (await begin(server, elsewhere)).href.replace(/state=[^&]*/, `state=${url.searchParams.get('state')}`),
      );
      assert.equal(foreign.searchParams.get('state'), url.searchParams.get('state'));
      assert.equal((await browser.open(foreign.href)).status, 400);
      // The same at the callback of the question: a code that its provider did not give.
      foreign.pathname = `/sso/oidc/callback/${asked.connectionId}`;
      const done = await browser.open(foreign.href);
      assert.equal(done.location?.searchParams.get('error'), 'oauth_failed');
    }
    // Whatever the evil provider says of Acme’s people, it speaks for evil.com.
    const { done } = await signInByConnection(server, evil, { connection_id: other.connectionId });
    assert.equal(done.location?.searchParams.get('error'), 'profile_not_allowed_outside_organization');
    assert.deepEqual(await waysIn(server), nobody);
  });

  it('an ID token of another issuer, client, key, nonce or time says nothing', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const past = Math.floor(Date.now() / 1000) - 3600;
    const lies = [
      { iss: 'https://evil.example' },
      { aud: 'another-client' },
      { nonce: 'another' },
      { nonce: undefined },
      { exp: past },
      { sub: '' },
      { sub: 7 },
    ];
    const tell = async (): Promise<string | null | undefined> => {
      const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
      return done.location?.searchParams.get('error');
    };
    for (const lie of lies) {
      provider.lies = lie;
      assert.equal(await tell(), 'oauth_failed', JSON.stringify(lie));
    }
    provider.lies = {};
    provider.usesForeignKey = true;
    assert.equal(await tell(), 'oauth_failed');
    provider.usesForeignKey = false;
    assert.equal(await tell(), null, 'and the truth is believed');
  });

  it('a code of another trip, and two states in one answer, are no answers', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    const browser = server.browser();
    const victim = await begin(server, connectionId, browser);
    provider.person = mallory;
    const stolen = await provider.answer(await begin(server, connectionId));
    const injected = new URL(stolen);
    injected.searchParams.set('state', victim.searchParams.get('state') ?? '');
    const done = await browser.open(injected.href);
    assert.equal(done.location?.searchParams.get('error'), 'oauth_failed', 'its challenge and nonce are not ours');
    const twice = new URL(await provider.answer(await begin(server, connectionId, browser)));
    twice.searchParams.append('state', 'x');
    assert.equal((await browser.open(twice.href)).status, 400);
    assert.deepEqual(await waysIn(server), nobody);
  });

  it('a trip is over after ten minutes, and with a change of what the connection is set up with', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const browser = server.browser();
    const late = await provider.answer(await begin(server, connectionId, browser));
    server.clock.advance(601);
    assert.equal((await browser.open(late.href)).status, 400);
    const underWay = await provider.answer(await begin(server, connectionId, browser));
    const change = { clientId: 'another', clientSecret: 'another' };
    await updateConnection(server.running.services, systemTenant(server.environmentId), connectionId, change);
    assert.equal((await browser.open(underWay.href)).status, 400);
    assert.deepEqual(await waysIn(server), nobody);
  });

  it('two who come for the first time at once are one user with one profile', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const sign = () => signInByConnection(server, provider, { connection_id: connectionId });
    const all = await Promise.all(Array.from({ length: 8 }, sign));
    assert.ok(all.every(({ done }) => done.location?.searchParams.has('code')));
    const { users, profiles, members } = await server.running.services.db.one(
      sql<{ users: number; profiles: number; members: number }>`
        select (select count(*) from users where email = 'ada@acme.com') as users,
          (select count(*) from sso_profiles) as profiles, (select count(*) from organization_memberships) as members`,
    );
    assert.deepEqual([users, profiles, members], [1, 1, 1]);
  });

  it('a subject of one connection is nobody at another', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const other = await connect(server, provider, { name: 'Other', domain: 'other.com' });
    await makeUser(server, { email: 'ada@acme.com' });
    provider.person = ada;
    await signInByConnection(server, provider, { connection_id: acme.connectionId });
    const { done } = await signInByConnection(server, provider, { connection_id: other.connectionId });
    assert.equal(done.location?.searchParams.get('error'), 'profile_not_allowed_outside_organization');
  });
});
