/** What was acknowledged stays, whatever ends the process: people, their mails, and their sessions. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callbackUri, goodPassword, TestBrowser } from '../harness.ts';
import { findPostgres, freshPostgres, testedEngines } from '../postgres.ts';
import { type Platform, startPlatform } from '../processes.ts';

const ROUNDS = 20;
/** In ms from the first sign-up of a round: by then everything flows, and each kill finds it somewhere else. */
const KILL_AFTER = { min: 50, max: 500 };
const API_STREAMS = 2;
const SIGN_UP_STREAMS = 3;
const REFRESH_STREAMS = 3;
const FIRST_SIGN_UP_TIMEOUT_MS = 20_000;
const TEST_TIMEOUT_MS = 5 * 60_000;
/** A job whose worker was killed is taken up again when its lease is over. */
const LEASE_OVER_MS = 61_000;

/** Everything the platform said yes to. Only answers that were read to their end count. */
interface Acknowledged {
  /** Id and address of those made through the API. */
  readonly users: Map<string, string>;
  /** Those who were shown the page that asks for the code. */
  readonly signUps: Set<string>;
  /** The newest refresh token of each session. */
  readonly sessions: Map<string, string>;
}

const engines = testedEngines().filter(
  (engine) => engine === 'sqlite' || process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres(),
);

for (const engine of engines) {
  describe(`kill -9 amid sign-ups and refreshes (${engine})`, () => {
    it(`loses nothing it acknowledged, ${ROUNDS} times`, { timeout: TEST_TIMEOUT_MS }, async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'authkit-durability-'));
      const database = engine === 'postgresql' ? await freshPostgres() : null;
      const start = () => startPlatform({ by: 'authkit dev', dataDir, databaseUrl: database?.url });
      const kept: Acknowledged = { users: new Map(), signUps: new Set(), sessions: new Map() };
      let platform = await start();
      try {
        for (let stream = 0; stream < REFRESH_STREAMS; stream++) await signUpAndIn(platform, kept);
        for (let round = 0; round < ROUNDS; round++) {
          const streams = startStreams(platform, kept);
          await Promise.race([streams, oneMoreSignUp(kept)]);
          await sleep(KILL_AFTER.min + Math.random() * (KILL_AFTER.max - KILL_AFTER.min));
          await platform.kill();
          await streams;
          platform = await start();
          await verifySessions(platform, kept);
          await verifyUsers(platform, kept);
          if (engine === 'sqlite') assert.equal(integrityOf(join(dataDir, 'authkit.db')), 'ok');
        }
        await verifyMails(platform, kept);
      } finally {
        await platform.kill();
        await database?.drop();
        await rm(dataDir, { recursive: true, force: true });
      }
    });
  });
}

/** Ends when the platform does: a request that fails is one that nobody was promised anything about. */
async function startStreams(platform: Platform, kept: Acknowledged): Promise<void> {
  const untilKilled = async (step: () => Promise<unknown>) => {
    try {
      for (;;) await step();
    } catch (error) {
      if (!isCut(error)) throw error;
    }
  };
  const sessions = [...kept.sessions.keys()].slice(-REFRESH_STREAMS);
  await Promise.all([
    ...Array.from({ length: API_STREAMS }, () => untilKilled(() => createUser(platform, kept))),
    ...Array.from({ length: SIGN_UP_STREAMS }, () => untilKilled(() => signUpAndIn(platform, kept))),
    ...sessions.map((id) => untilKilled(() => refresh(platform, kept, id))),
  ]);
}

async function oneMoreSignUp({ signUps }: Acknowledged): Promise<void> {
  const before = signUps.size;
  const deadline = performance.now() + FIRST_SIGN_UP_TIMEOUT_MS;
  while (signUps.size === before && performance.now() < deadline) await sleep(5);
}

/** `fetch` rejects with a TypeError when the connection ends before the answer does. */
const isCut = (error: unknown): boolean => error instanceof TypeError;

let people = 0;
const nextEmail = () => `person-${++people}@example.com`;

async function createUser(platform: Platform, kept: Acknowledged): Promise<void> {
  const email = nextEmail();
  const response = await platform.api('POST', '/user_management/users', { email });
  const { id } = (await response.json()) as { id: string };
  assert.equal(response.status, 201);
  kept.users.set(id, email);
}

/** On the hosted pages, and through the callback to a session. */
async function signUpAndIn(platform: Platform, kept: Acknowledged): Promise<void> {
  const email = nextEmail();
  const browser = new TestBrowser(platform.url);
  const query = new URLSearchParams({
    response_type: 'code',
    provider: 'authkit',
    screen_hint: 'sign-up',
    client_id: platform.clientId,
    redirect_uri: callbackUri,
  });
  await browser.open(`/user_management/authorize?${query}`);
  const page = await browser.submit({ email, password: goodPassword });
  assert.equal(page.status, 200, page.text);
  assert.ok(browser.path.startsWith('/verify-email?'));
  kept.signUps.add(email);

  const { location } = await browser.submit({ code: await platform.mailedCode(email) });
  const code = location?.searchParams.get('code');
  assert.ok(code);
  await authenticate(platform, kept, { grant_type: 'authorization_code', code });
}

const refresh = (platform: Platform, kept: Acknowledged, session: string): Promise<string> =>
  authenticate(platform, kept, { grant_type: 'refresh_token', refresh_token: kept.sessions.get(session) ?? '' });

/** @returns the session */
async function authenticate(platform: Platform, kept: Acknowledged, grant: Record<string, string>): Promise<string> {
  const response = await platform.api('POST', '/user_management/authenticate', {
    client_id: platform.clientId,
    client_secret: platform.apiKey,
    ...grant,
  });
  const answer = (await response.json()) as { access_token: string; refresh_token: string };
  assert.equal(response.status, 200, JSON.stringify(answer));
  const [, claims = ''] = answer.access_token.split('.');
  const { sid } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: string };
  kept.sessions.set(sid, answer.refresh_token);
  return sid;
}

/**
 * The newest token we hold works. Where the kill swallowed the answer to a refresh, that is the token of before: it may
 * have been spent, and still gets its one successor.
 */
async function verifySessions(platform: Platform, kept: Acknowledged): Promise<void> {
  const sessions = [...kept.sessions.keys()];
  assert.deepEqual(await Promise.all(sessions.map((session) => refresh(platform, kept, session))), sessions);
}

async function verifyUsers(platform: Platform, kept: Acknowledged): Promise<void> {
  const users = await listUsers(platform);
  for (const [id, email] of kept.users) assert.equal(users.get(id), email);
  const emails = new Set(users.values());
  for (const email of kept.signUps) assert.ok(emails.has(email), email);
  assert.equal(emails.size, users.size, 'nobody is there twice');
}

async function listUsers(platform: Platform): Promise<Map<string, string>> {
  const users = new Map<string, string>();
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '100', ...(after === null ? {} : { after }) });
    const response: Response = await platform.api('GET', `/user_management/users?${query}`);
    const page = (await response.json()) as {
      data: { id: string; email: string }[];
      list_metadata: { after: string | null };
    };
    for (const { id, email } of page.data) users.set(id, email);
    after = page.list_metadata.after;
  } while (after !== null);
  return users;
}

/** A code that was promised arrives, also when the process died with the mail still in its outbox. */
async function verifyMails(platform: Platform, kept: Acknowledged): Promise<void> {
  await platform.setClock(new Date(Date.now() + LEASE_OVER_MS));
  for (const email of kept.signUps) assert.match(await platform.mailedCode(email), /^\d{6}$/);
}

function integrityOf(file: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('pragma integrity_check').get()?.integrity_check;
  } finally {
    database.close();
  }
}
