/** Steps that several flows share. */
import { createHash } from 'node:crypto';
import { addApiKey } from '../../src/api-keys/index.ts';
import { randomBase62, sql, systemTenant } from '../../src/core/index.ts';
import { createEnvironment, type NewEnvironment, type Settings } from '../../src/environments/index.ts';
import { updateSettings } from '../../src/environments/settings.ts';
import { type Answer, callbackUri, goodPassword, type TestBrowser, type TestServer } from '../harness.ts';

/** A verifier of 64 characters and its challenge (RFC 7636 section 4.2). */
export function pkce(verifier = randomBase62(64)): { verifier: string; asked: Record<string, string> } {
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  return { verifier, asked: { code_challenge, code_challenge_method: 'S256' } };
}

/** An account with a proven address, made through the API. */
export async function makeUser(server: TestServer, more: Record<string, unknown> = {}) {
  return server.create.user({ password: goodPassword, email_verified: true, ...more });
}

/** Through the hosted pages with a password; what the last form ended at. */
export async function signIn(
  server: TestServer,
  email: string,
  { authorize = {}, browser = server.browser() }: { authorize?: Record<string, string>; browser?: TestBrowser } = {},
): Promise<{ browser: TestBrowser; done: Answer; code: string }> {
  await browser.open(server.authorizeUrl(authorize));
  await browser.submit({ email }, '/sign-in?');
  const done = await browser.submit({ password: goodPassword }, '/sign-in/password');
  return { browser, done, code: codeOf(done) };
}

/** A browser that somebody has signed in with. */
export async function signedInBrowser(
  server: TestServer,
): Promise<{ browser: TestBrowser; email: string; id: string }> {
  const { email, id } = await makeUser(server);
  const { browser } = await signIn(server, email);
  return { browser, email, id };
}

/** The code at the end of a sign-in, or of an authorization request of a browser that is signed in already. */
export function codeOf(answer: Answer): string {
  const code = answer.location?.searchParams.get('code');
  if (!code) throw new Error(`There is no code in ${answer.status} ${answer.location ?? answer.text.slice(0, 200)}`);
  return code;
}

/** A new code without a page. Many of them within a second of the test's clock are no loop. */
export const silentCode = async (server: TestServer, browser: TestBrowser, more: Record<string, string> = {}) => {
  forgetRounds(browser);
  return codeOf(await browser.open(server.authorizeUrl(more)));
};

/** What tells a browser that goes round in circles from a person. */
export function forgetRounds(browser: TestBrowser): void {
  for (const name of browser.cookies.keys()) if (name.startsWith('authkit-rounds-')) browser.cookies.delete(name);
}

export const byCode = (code: string, more: Record<string, string | null> = {}) => ({
  grant_type: 'authorization_code',
  code,
  ...more,
});

export const byRefresh = (refresh_token: string, more: Record<string, string | null> = {}) => ({
  grant_type: 'refresh_token',
  refresh_token,
  ...more,
});

export interface Tokens {
  readonly user: { id: string };
  readonly access_token: string;
  readonly refresh_token: string;
}

/** The tokens of a new session of a browser that is signed in. */
export async function newSession(server: TestServer, browser: TestBrowser): Promise<Tokens> {
  const { status, json, text } = await server.token(byCode(await silentCode(server, browser)));
  if (status !== 200) throw new Error(text);
  return json;
}

/** An environment beside the first one, with a key of its own. */
export async function otherEnvironment(
  server: TestServer,
  more: Partial<NewEnvironment> = {},
): Promise<{ environmentId: string; clientId: string; apiKey: string }> {
  const { services } = server.running;
  const wanted: NewEnvironment = {
    name: 'Other',
    kind: 'staging',
    applicationName: 'Other app',
    redirectUris: [{ uri: callbackUri, isDefault: true }],
    ...more,
  };
  const made = await services.db.transaction((tx) => createEnvironment(services, tx, wanted));
  const { secret } = await services.db.transaction((tx) =>
    addApiKey(services, tx, systemTenant(made.environmentId), { name: 'Other', createdBy: null }),
  );
  return { ...made, apiKey: secret.reveal() };
}

export async function changeSettings(server: TestServer, settings: Partial<Settings>): Promise<void> {
  await updateSettings(server.running.services, systemTenant(server.environmentId), settings);
}

/** What was recorded under that name, oldest first. */
export async function eventsNamed(server: TestServer, name: string): Promise<Record<string, unknown>[]> {
  const rows = await server.running.services.db.all(
    // The ids of one millisecond are in no order, the rows are in the one they were written in.
    sql<{ data: Record<string, unknown> }>`select data_json from events where name = ${name}
      order by created_at, ${sql.engine({ sqlite: 'rowid', postgresql: 'ctid' })}`,
  );
  return rows.map(({ data }) => data);
}

/** How many rows each of the tables has that let somebody in. */
export async function waysIn(server: TestServer): Promise<{ codes: number; browsers: number; sessions: number }> {
  return server.running.services.db.one(sql`
    select (select count(*) from authorization_codes) as codes, (select count(*) from browser_sessions) as browsers,
      (select count(*) from sessions) as sessions`);
}

/** Signs somebody up over the set-up link. @returns their browser, holding the operator's cookie */
export async function becomeOwner(server: TestServer, email = 'owner@example.com'): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open(server.running.dashboardUrl);
  await browser.submit({ email });
  await browser.submit({ email, password: goodPassword });
  await browser.submit({ code: await server.codeFor(email) });
  return browser;
}

/** A call of the dashboard, as its script makes it. */
export async function asOperator(
  server: Pick<TestServer, 'url' | 'environmentId'>,
  browser: TestBrowser,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string | null> } = {},
): Promise<Pick<Answer, 'status' | 'json' | 'headers'>> {
  const wanted = {
    cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    'x-authkit-environment': server.environmentId,
    'sec-fetch-site': 'same-origin',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const response = await fetch(new URL(path, server.url), {
    method,
    redirect: 'manual',
    headers: Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null)),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? null : JSON.parse(text), headers: response.headers };
}
