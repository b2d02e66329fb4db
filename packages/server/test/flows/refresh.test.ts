import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Database, type Services, Unavailable } from '../../src/core/index.ts';
import { rememberedRefreshes } from '../../src/sessions/index.ts';
import { type Answer, claimsOf, onEachEngine, startServer, type TestBrowser, type TestServer } from '../harness.ts';
import { freshPostgres } from '../postgres.ts';
import {
  byCode,
  byRefresh,
  changeSettings,
  eventsNamed,
  forgetRounds,
  makeUser,
  newSession,
  otherEnvironment,
  pkce,
  signedInBrowser,
  signIn,
  silentCode,
} from './steps.ts';

onEachEngine('refreshing a session', (start, engine) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  /** A new person's session: what ends one must not end the next test's. */
  const fresh = async () => {
    const person = await signedInBrowser(server);
    return { ...person, ...(await newSession(server, person.browser)) };
  };
  const refresh = (token: string, more: Record<string, string | null> = {}) => server.token(byRefresh(token, more));
  const refused = (answer: Answer, description: string) => {
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error, 'invalid_grant');
    assert.equal(answer.json.error_description, description);
  };
  const reuses = async () => (await eventsNamed(server, 'refresh_token.reused')).length;

  it('hands over to one successor and keeps the session', async () => {
    const first = await fresh();
    server.clock.advance(120);
    const { status, json } = await refresh(first.refresh_token);
    assert.equal(status, 200);
    assert.notEqual(json.refresh_token, first.refresh_token);
    assert.deepEqual(json.user, (await server.api('GET', `/user_management/users/${first.user.id}`)).json);
    const [before, now] = [claimsOf(first.access_token), claimsOf(json.access_token)];
    assert.equal(now.sid, before.sid);
    assert.equal(now.auth_time, before.auth_time);
    assert.notEqual(now.jti, before.jti);
    assert.ok(now.iat >= before.iat + 120);
    assert.equal(now.exp - now.iat, 300);
  });

  it('needs no secret, takes Bearer, a form, and null for what is not there', async () => {
    let { refresh_token: token } = await fresh();
    token = (await refresh(token, { client_secret: null })).json.refresh_token;
    const bearer = await server.token(byRefresh(token, { client_secret: null }), {
      authorization: `Bearer ${server.apiKey}`,
    });
    token = bearer.json.refresh_token;
    const form = new URLSearchParams({ client_id: server.clientId, ...byRefresh(token) });
    const response = await fetch(`${server.url}/user_management/authenticate`, { method: 'POST', body: form });
    assert.equal(response.status, 200);

    const missing = await server.api('POST', '/user_management/authenticate', {
      grant_type: 'refresh_token',
      client_id: server.clientId,
      refresh_token: null,
    });
    assert.equal(missing.status, 400);
    assert.deepEqual(
      { error: missing.json.error, error_description: missing.json.error_description },
      { error: 'invalid_request', error_description: 'Missing refresh token.' },
    );
  });

  for (const [count, rounds] of [
    [100, 1],
    [25, 20],
  ] as const) {
    it(`${count} at once, ${rounds} times over, make one successor each and sign nobody out`, async () => {
      let { refresh_token: token } = await fresh();
      const before = await reuses();
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(Array.from({ length: count }, () => refresh(token)));
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
        assert.equal(new Set(answers.map(({ json }) => json.refresh_token)).size, 1);
        const claims = answers.map(({ json }) => claimsOf(json.access_token));
        assert.equal(new Set(claims.map(({ jti, iat, exp }) => `${jti} ${iat} ${exp}`)).size, 1);
        token = answers[0]?.json.refresh_token;
      }
      assert.equal(await reuses(), before);
      assert.equal((await refresh(token)).status, 200);
    });
  }

  describe('a token used before', () => {
    it('gets the same pair again for thirty seconds, counted from its first use', async () => {
      const { refresh_token: token } = await fresh();
      const first = await refresh(token);
      for (const seconds of [14, 14]) {
        server.clock.advance(seconds);
        const again = await refresh(token);
        assert.equal(again.json.refresh_token, first.json.refresh_token);
        assert.deepEqual(claimsOf(again.json.access_token), claimsOf(first.json.access_token));
      }
      server.clock.advance(4);
      refused(await refresh(token), 'Refresh token already exchanged.');
    });

    it('is theft after that: the session ends with everything that hangs from it, and an event tells', async () => {
      const { refresh_token: token, user, browser } = await fresh();
      const { json } = await refresh(token);
      const before = await reuses();
      server.clock.advance(31);
      refused(await refresh(token), 'Refresh token already exchanged.');
      refused(await refresh(json.refresh_token), 'Session has already ended.');
      refused(await refresh(token), 'Session has already ended.');
      assert.equal(await reuses(), before + 1);
      assert.equal((await browser.open(server.authorizeUrl())).status, 200, 'the browser is still signed in');
      const sessions = (await server.api('GET', `/user_management/users/${user.id}/sessions`)).json.data;
      assert.deepEqual(new Set(sessions.map(({ status }: { status: string }) => status)), new Set(['revoked']));
    });

    it('gets the newest pair while its own thirty seconds last, when its successor was used as well', async () => {
      const { refresh_token: token } = await fresh();
      const second = (await refresh(token)).json.refresh_token;
      server.clock.advance(20);
      const third = await refresh(second);
      server.clock.advance(9);
      const again = await refresh(token);
      assert.equal(again.json.refresh_token, third.json.refresh_token);
      assert.deepEqual(claimsOf(again.json.access_token), claimsOf(third.json.access_token));
      assert.equal((await refresh(again.json.refresh_token)).status, 200);
    });

    it('is theft after its own thirty seconds, however lately its successor was used', async () => {
      const { refresh_token: token } = await fresh();
      const second = (await refresh(token)).json.refresh_token;
      server.clock.advance(20);
      const third = (await refresh(second)).json.refresh_token;
      server.clock.advance(11);
      refused(await refresh(token), 'Refresh token already exchanged.');
      refused(await refresh(third), 'Session has already ended.');
    });

    it('gets the newest pair also when tabs have used several successors meanwhile', async () => {
      const { refresh_token: token } = await fresh();
      const before = await reuses();
      let newest = token;
      const used: string[] = [];
      for (let n = 0; n < rememberedRefreshes; n++) {
        used.push(newest);
        newest = (await refresh(newest)).json.refresh_token;
        server.clock.advance(3);
      }
      const answers = await Promise.all(used.map((each) => refresh(each)));
      assert.deepEqual(new Set(answers.map(({ json }) => json.refresh_token)), new Set([newest]));
      assert.equal(await reuses(), before);
      // Each for its own thirty seconds: the oldest has had them now, and all others have not.
      server.clock.advance(7);
      assert.equal((await refresh(used[1] ?? '')).json.refresh_token, newest);
      refused(await refresh(token), 'Refresh token already exchanged.');
      refused(await refresh(newest), 'Session has already ended.');
    });

    it('is theft when more newer ones exist than anybody remembers', async () => {
      const { refresh_token: token } = await fresh();
      let newest = token;
      for (let n = 0; n <= rememberedRefreshes; n++) newest = (await refresh(newest)).json.refresh_token;
      refused(await refresh(token), 'Refresh token already exchanged.');
    });

    it('stays used when a clock is set back: its window does not open again', async () => {
      const { refresh_token: token } = await fresh();
      server.clock.advance(7200);
      const next = (await refresh(token)).json.refresh_token;
      server.clock.advance(-10);
      assert.equal((await refresh(token)).json.refresh_token, next, 'a few seconds are what clocks differ by');
      server.clock.advance(-3600);
      refused(await refresh(token), 'Refresh token already exchanged.');
      server.clock.advance(3610);
    });

    it('is refused inside the window too once the session is revoked', async () => {
      const { refresh_token: token, access_token } = await fresh();
      await refresh(token);
      await server.api('POST', '/user_management/sessions/revoke', { session_id: claimsOf(access_token).sid });
      refused(await refresh(token), 'Session has already ended.');
    });
  });

  it('knows only its own tokens, letter for letter, and a guess ends nothing', async () => {
    const { refresh_token: token } = await fresh();
    const flipped = token.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase());
    const otherGeneration = `${token.slice(0, 26)}000007${token.slice(32)}`;
    const otherKey = `${token.slice(0, 32)}0000000f${token.slice(40)}`;
    const guesses = [
      token.toLowerCase(),
      token.toUpperCase(),
      flipped,
      token.slice(0, -1),
      token.slice(1),
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
      `${token}\0`,
      otherGeneration,
      otherKey,
      'x',
      'x'.repeat(10_000),
    ];
    const before = await reuses();
    for (const guess of guesses) refused(await refresh(guess), 'Invalid refresh token.');
    assert.equal(await reuses(), before);
    assert.equal((await refresh(token)).status, 200);
  });

  it('gives a token to no other environment, and leaves it alone', async () => {
    const other = await otherEnvironment(server);
    const { refresh_token: token } = await fresh();
    const stranger = { client_id: other.clientId, client_secret: other.apiKey };
    refused(await refresh(token, stranger), 'Invalid refresh token.');
    refused(await refresh(token, { ...stranger, client_secret: null }), 'Invalid refresh token.');
    const mixed = await refresh(token, { client_secret: other.apiKey });
    assert.equal(mixed.json.error, 'invalid_client');
    assert.equal((await refresh(token)).status, 200);
  });

  it('refuses an organization, since there are none, and spends nothing', async () => {
    const { refresh_token: token } = await fresh();
    assert.equal((await refresh(token, { organization_id: 'org_1' })).json.error, 'organization_not_found');
    assert.equal((await refresh(token)).status, 200);
  });

  describe('ends', () => {
    it('by inactivity, which each use puts off', async () => {
      let { refresh_token: token } = await fresh();
      for (let turn = 0; turn < 2; turn++) {
        server.clock.advance(6 * 86_400);
        const { status, json } = await refresh(token);
        assert.equal(status, 200);
        token = json.refresh_token;
      }
      server.clock.advance(7 * 86_400 + 1);
      refused(await refresh(token), 'Session has already ended.');
    });

    it('by age, which nothing puts off', async () => {
      let { refresh_token: token } = await fresh();
      for (let turn = 0; turn < 5; turn++) {
        server.clock.advance(5.9 * 86_400);
        token = (await refresh(token)).json.refresh_token;
      }
      server.clock.advance(0.4 * 86_400);
      assert.equal((await refresh(token)).status, 200);
      server.clock.advance(0.2 * 86_400);
      refused(await refresh(token), 'Session has already ended.');
    });

    it('as the settings say', async () => {
      const own = await start();
      try {
        await changeSettings(own, { sessionIdleSeconds: 600, sessionMaxSeconds: 1200, accessTokenSeconds: 60 });
        const person = await signedInBrowser(own);
        const { refresh_token: token, access_token } = await newSession(own, person.browser);
        const { iat, exp } = claimsOf(access_token);
        assert.equal(exp - iat, 60);
        own.clock.advance(590);
        const { json } = await own.token(byRefresh(token));
        own.clock.advance(590);
        const again = await own.token(byRefresh(json.refresh_token));
        own.clock.advance(30);
        refused(await own.token(byRefresh(again.json.refresh_token)), 'Session has already ended.');
      } finally {
        await own[Symbol.asyncDispose]();
      }
    });

    it('by shorter clocks that are set while it lives, here and at the sign-in of the browser', async () => {
      await using own = await start();
      const usual = { sessionIdleSeconds: 7 * 86_400, sessionMaxSeconds: 30 * 86_400 };
      const old = await signedInBrowser(own);
      const { refresh_token: oldToken } = await newSession(own, old.browser);
      own.clock.advance(2 * 3600);
      const young = await signedInBrowser(own);
      const youngTokens = await Promise.all([newSession(own, young.browser), newSession(own, young.browser.clone())]);
      const isAsked = async (browser: TestBrowser) => {
        forgetRounds(browser);
        return (await browser.open(own.authorizeUrl())).status === 200;
      };
      const shorter = [
        { ...usual, sessionMaxSeconds: 3600, sessionIdleSeconds: 3600 },
        { ...usual, sessionIdleSeconds: 3600 },
      ];
      for (const clocks of shorter) {
        await changeSettings(own, clocks);
        // At the same time: they share a statement.
        const tokens = [oldToken, ...youngTokens.map(({ refresh_token }) => refresh_token)];
        const [ended, ...others] = await Promise.all(tokens.map((token) => own.token(byRefresh(token))));
        refused(ended ?? assert.fail(), 'Session has already ended.');
        assert.deepEqual(
          others.map(({ status }) => status),
          [200, 200],
        );
        refused(await own.token(byRefresh(oldToken)), 'Session has already ended.');
        assert.deepEqual([await isAsked(old.browser), await isAsked(young.browser)], [true, false]);
      }
      await changeSettings(own, { ...usual, sessionMaxSeconds: 7 * 86_400 });
      assert.equal((await own.token(byRefresh(oldToken))).status, 200, 'a refusal has spent the token');
      own.clock.advance(7 * 86_400 - 3600);
      refused(await own.token(byRefresh(oldToken)), 'Session has already ended.');
    });

    it('by shorter clocks, which decide what is listed as well', async () => {
      await using own = await start();
      const day = 86_400;
      const user = await makeUser(own);
      const signedInAt = async (browser?: TestBrowser) => signIn(own, user.email, browser ? { browser } : {});
      const first = await signedInAt();
      const tokens = (await own.token(byCode(first.code))).json;
      own.clock.advance(2 * 3600);
      const second = await signedInAt();
      await own.token(byCode(second.code));
      /** The API's list, oldest first, and how many devices the account page shows. */
      const listed = async () => {
        const { data } = (await own.api('GET', `/user_management/users/${user.id}/sessions?order=asc`)).json;
        const viewer = second.browser.clone();
        await viewer.open(`/account?client_id=${own.clientId}`);
        const ends = data.map(({ status, expires_at, created_at }: Record<string, string>) => [
          status,
          (Date.parse(expires_at ?? '') - Date.parse(created_at ?? '')) / 1000,
        ]);
        return { ends, devices: viewer.text.match(/Signed in on/g)?.length ?? 0 };
      };
      const usual = { sessionMaxSeconds: 30 * day, sessionIdleSeconds: 7 * day };
      const both = [
        ['active', 30 * day],
        ['active', 30 * day],
      ];
      assert.deepEqual(await listed(), { ends: both, devices: 2 });
      await changeSettings(own, { sessionMaxSeconds: 3600, sessionIdleSeconds: 3600 });
      const shorter = [
        ['expired', 3600],
        ['active', 3600],
      ];
      assert.deepEqual(await listed(), { ends: shorter, devices: 1 });
      await changeSettings(own, { ...usual, sessionIdleSeconds: 3600 });
      const idle = [
        ['expired', 30 * day],
        ['active', 30 * day],
      ];
      assert.deepEqual(await listed(), { ends: idle, devices: 1 });
      // Nobody ended it: with longer clocks it goes on, and a refresh is a use.
      await changeSettings(own, usual);
      assert.equal((await own.token(byRefresh(tokens.refresh_token))).status, 200);
      await changeSettings(own, { ...usual, sessionIdleSeconds: 3600 });
      assert.deepEqual(await listed(), { ends: both, devices: 2 });
    });

    it('when the session is revoked, the user deleted, their password or address changed', async () => {
      const endings: Record<string, (userId: string, sid: string) => Promise<Answer>> = {
        revoked: (_, session_id) => server.api('POST', '/user_management/sessions/revoke', { session_id }),
        deleted: (id) => server.api('DELETE', `/user_management/users/${id}`),
        password: (id) => server.api('PUT', `/user_management/users/${id}`, { password: 'quite another long phrase' }),
        address: (id) => server.api('PUT', `/user_management/users/${id}`, { email: `moved-${id}@example.com` }),
      };
      for (const [name, end] of Object.entries(endings)) {
        const { refresh_token: token, access_token, browser, id } = await fresh();
        const answer = await end(id, claimsOf(access_token).sid);
        assert.ok(answer.status < 300, `${name}: ${answer.text}`);
        refused(await refresh(token), 'Session has already ended.');
        assert.equal((await browser.open(server.authorizeUrl())).status, 200, `${name}: still signed in`);
      }
    });

    it('in one direction only when revoking races with refreshing', async () => {
      for (let round = 0; round < 5; round++) {
        const { refresh_token: token, access_token } = await fresh();
        const revoke = server.api('POST', '/user_management/sessions/revoke', {
          session_id: claimsOf(access_token).sid,
        });
        const racing = await Promise.all([...Array.from({ length: 10 }, () => refresh(token)), revoke]);
        const won = racing.slice(0, -1).find(({ status }) => status === 200);
        if (won) refused(await refresh(won.json.refresh_token), 'Session has already ended.');
        refused(await refresh(token), 'Session has already ended.');
      }
    });
  });

  describe('while the database is away', () => {
    it('answers 503 and spends nothing', async () => {
      await using outage = await outageOf(engine, start);
      const { server: own } = outage;
      const { browser: person } = await signedInBrowser(own);
      const { refresh_token: token } = await newSession(own, person);
      const { verifier, asked } = pkce();
      const code = await silentCode(own, person, asked);
      const exchange = () => own.token(byCode(code, { code_verifier: verifier, client_secret: null }));

      await outage.begin();
      for (const answer of [await own.token(byRefresh(token)), await exchange()]) {
        assert.equal(answer.status, 503, answer.text);
        assert.ok(answer.headers.get('retry-after'));
        assert.equal(answer.json.error, undefined);
      }
      const page = await own.browser().open(own.authorizeUrl());
      assert.equal(page.status, 503);
      await outage.end();

      assert.equal((await exchange()).status, 200);
      assert.equal((await own.token(byRefresh(token))).status, 200);
    });
  });
});

interface Outage extends AsyncDisposable {
  readonly server: TestServer;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** A server whose database can go away: a cable in front of PostgreSQL, and for SQLite a disk that does not answer. */
async function outageOf(
  engine: 'sqlite' | 'postgresql',
  start: (options?: { databaseUrl: string }) => Promise<TestServer>,
): Promise<Outage> {
  if (engine === 'postgresql') {
    const database = await freshPostgres();
    if (!database) throw new Error('There is no PostgreSQL.');
    const cable = await pluggedInto(new URL(database.url));
    const server = await start({ databaseUrl: cable.url });
    return {
      server,
      begin: cable.cut,
      end: cable.mend,
      async [Symbol.asyncDispose]() {
        await cable.mend();
        await server[Symbol.asyncDispose]();
        await cable.close();
        await database.drop();
      },
    };
  }
  const server = await start();
  const services = server.running.services as { -readonly [Name in keyof Services]: Services[Name] };
  const real = services.db;
  const gone = async (): Promise<never> => {
    throw new Unavailable();
  };
  const broken = { engine, all: gone, maybeOne: gone, one: gone, run: gone, transaction: gone } as unknown as Database;
  const end = async () => {
    services.db = real;
  };
  return {
    server,
    end,
    async begin() {
      services.db = broken;
    },
    async [Symbol.asyncDispose]() {
      await end();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function pluggedInto(target: URL) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const listener = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    async cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    async mend() {
      isCut = false;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        listener.close(() => resolve());
      }),
  };
}

onEachEngine('two nodes on one database', (_start, engine) => {
  if (engine === 'sqlite') return;
  let nodes: TestServer[] = [];
  let drop: () => Promise<void>;
  const dirs: string[] = [];
  before(async () => {
    const database = await freshPostgres();
    if (!database) throw new Error('There is no PostgreSQL.');
    drop = database.drop;
    const key = `${randomBytes(32).toString('base64')}\n`;
    for (const name of ['a', 'b']) {
      const dataDir = mkdtempSync(join(tmpdir(), `authkit-node-${name}-`));
      dirs.push(dataDir);
      writeFileSync(join(dataDir, 'encryption.key'), key, { mode: 0o600 });
      nodes.push(await startServer('postgresql', { databaseUrl: database.url, dataDir }));
    }
  });
  after(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]();
    nodes = [];
    await drop();
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
  });

  const both = (): [TestServer, TestServer] => {
    const [a, b] = nodes;
    if (!a || !b) throw new Error('Two nodes were started.');
    return [a, b];
  };

  it('hand out one session for a code that both are given', async () => {
    const [a, b] = both();
    const { browser } = await signedInBrowser(a);
    for (let round = 0; round < 5; round++) {
      const code = await silentCode(a, browser);
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 ? a : b).token(byCode(code))),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      const winner = answers.find(({ status }) => status === 200);
      assert.equal((await b.token(byRefresh(winner?.json.refresh_token))).status, 200);
    }
  });

  it('slow a device down together, and hand out one session for its code', async () => {
    const [a, b] = both();
    const { json } = await a.api('POST', '/user_management/authorize/device', { client_id: a.clientId });
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: json.device_code };
    const poll = () => Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? a : b).token(grant)));
    const errors = (await poll()).map((answer) => answer.json.error);
    assert.equal(errors.filter((error) => error === 'authorization_pending').length, 1);
    assert.equal(errors.filter((error) => error === 'slow_down').length, 19);
    const { browser } = await signedInBrowser(b);
    await browser.open('/device');
    await browser.submit({ user_code: json.user_code }, '/device');
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    assert.equal((await poll()).filter(({ status }) => status === 200).length, 1);
  });

  it('make one successor of a token that both are given', async () => {
    const [a, b] = both();
    const { browser } = await signedInBrowser(b);
    let { refresh_token: token } = await newSession(b, browser);
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) => (index % 2 ? a : b).token(byRefresh(token))),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.equal(new Set(answers.map(({ json }) => json.refresh_token)).size, 1);
      token = answers[0]?.json.refresh_token;
    }
  });

  it('sign with keys that both publish', async () => {
    const [a, b] = both();
    const kids = await Promise.all(
      [a, b].map(async (node) => (await node.api('GET', `/sso/jwks/${node.clientId}`)).json.keys[0].kid),
    );
    assert.equal(kids[0], kids[1]);
  });
});
