/** The platform as it answers in production (answers are not checked against the contract), and people to ask it about. */
import { rowsOf, sql } from '../../packages/server/src/core/index.ts';
import { callbackUri, goodPassword, startServer, type TestServer } from '../../packages/server/test/harness.ts';
import { answerParent } from './parent.ts';

export interface Started {
  /** By number, which saves every client of the API the look-up of the name. */
  readonly url: string;
  /** By name, which is where pages send a browser that came by number. */
  readonly pagesUrl: string;
  readonly apiKey: string;
  readonly clientId: string;
}

/** An open sign-in page and what its browser must show to see it. */
export interface OpenPage {
  readonly path: string;
  readonly cookie: string;
}

let server: TestServer;

async function start(engine: 'sqlite' | 'postgresql', dataDir: string | null): Promise<Started> {
  server = await startServer(engine, { dataDir, strictAnswers: false, stagingLimitFactor: 1_000_000 });
  const { url, apiKey, clientId } = server;
  return { url: url.replace('localhost', '127.0.0.1'), pagesUrl: url, apiKey, clientId };
}

/** Signs so many people up, one app session each. */
async function signUp(count: number): Promise<{ userId: string; refreshToken: string }[]> {
  const people = [];
  for (let index = 0; index < count; index++) {
    const { user, refreshToken } = await server.signedUp(`refresh-${index}@example.com`);
    people.push({ userId: user.id, refreshToken });
  }
  return people;
}

/** Opens the hosted sign-in in a new browser, as an app would send it there. */
async function openSignIn(): Promise<OpenPage> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl());
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return { path: browser.path, cookie };
}

/** People with a verified address and the password of the journeys. */
async function addPeople(count: number): Promise<{ emails: string[]; password: string; callback: string }> {
  const emails = Array.from({ length: count }, (_, index) => `person-${index}@example.com`);
  for (const email of emails) await server.create.user({ email, password: goodPassword, email_verified: true });
  return { emails, password: goodPassword, callback: callbackUri };
}

/** Small enough for the time a statement may take. */
const rowsAtOnce = 2000;

/** Fills the table of users, oldest first. @returns the id and address of a thousand of them, evenly spread */
async function fillUsers(count: number): Promise<{ id: string; email: string }[]> {
  const { environmentId } = server;
  const { db, now } = server.running.services;
  const startAt = now().getTime() - count * 1000;
  const users = Array.from({ length: count }, (_, index) => ({
    id: `user_${String(index).padStart(26, '0')}`,
    email: `user-${index}@example.com`,
    at: startAt + index * 1000,
  }));
  const columns = [
    { name: 'id', type: 'text' },
    { name: 'email', type: 'text' },
    { name: 'created', type: 'bigint' },
  ] as const;
  for (let from = 0; from < count; from += rowsAtOnce) {
    const rows = users.slice(from, from + rowsAtOnce).map(({ id, email, at }) => [id, email, at]);
    await db.run(sql`
      insert into users (id, environment_id, email, email_key, is_email_verified, first_name, last_name, name,
        metadata_json, created_at, updated_at)
      select id, ${environmentId}, email, email, 1, 'Grace', 'Hopper', 'Grace Hopper', '{}', created, created
      from ${rowsOf('given', columns, rows)} where true`);
  }
  // As a database that has been running for a while knows its own size.
  await db.script('analyze;');
  const step = Math.max(1, Math.floor(count / 1000));
  return users.filter((_, index) => index % step === 0).map(({ id, email }) => ({ id, email }));
}

answerParent({ start, signUp, openSignIn, addPeople, fillUsers }, async () => {
  await server?.[Symbol.asyncDispose]();
});
