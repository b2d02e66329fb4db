/** Steps of people with an authenticator app. */
import { type Authenticator, authenticator } from '../authenticator-app.ts';
import { goodPassword, type TestBrowser, type TestServer } from '../harness.ts';
import { makeUser } from './steps.ts';

export interface Protected {
  readonly id: string;
  readonly email: string;
  readonly factorId: string;
  readonly app: Authenticator;
}

export const appOf = (server: TestServer, secret: string): Authenticator =>
  authenticator(secret, () => server.clock.now());

/** Begins a factor at the API. */
export async function enrollAtApi(server: TestServer, userId: string, more: Record<string, unknown> = {}) {
  const body = { type: 'totp', ...more };
  const { json, text } = await server.api('POST', `/user_management/users/${userId}/auth_factors`, body);
  if (!json.authentication_factor) throw new Error(text);
  const { authentication_factor: factor, authentication_challenge: challenge } = json;
  return { factorId: factor.id as string, challengeId: challenge.id as string, app: appOf(server, factor.totp.secret) };
}

/** An account whose app has been proved. The clock stands a minute later, so that every code is a new one. */
export async function makeProtected(server: TestServer): Promise<Protected> {
  const { id, email } = await makeUser(server);
  const { factorId, challengeId, app } = await enrollAtApi(server, id);
  const { json, text } = await server.api('POST', `/auth/challenges/${challengeId}/verify`, { code: app.code() });
  if (json.valid !== true) throw new Error(text);
  server.clock.advance(60);
  return { id, email, factorId, app };
}

export const challengeAtApi = async (server: TestServer, factorId: string): Promise<string> =>
  (await server.api('POST', `/auth/factors/${factorId}/challenge`, {})).json.id;

/** As far as the password takes somebody. @returns a browser at the page that is due */
export async function afterPassword(
  server: TestServer,
  email: string,
  { authorize = {}, browser = server.browser() }: { authorize?: Record<string, string>; browser?: TestBrowser } = {},
): Promise<TestBrowser> {
  await browser.open(server.authorizeUrl(authorize));
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password');
  return browser;
}

/** The key that the enrolment page shows, as an app takes it. */
export function appOnPage(server: TestServer, browser: TestBrowser): Authenticator {
  const secret = /data-copy="([A-Z2-7]{32})"/.exec(browser.text)?.[1];
  if (!secret) throw new Error(`There is no key at ${browser.path}.`);
  return appOf(server, secret);
}

export const recoveryCodesOn = (browser: TestBrowser): string[] =>
  [...browser.text.matchAll(/<li><code>([0-9a-z-]+)<\/code>/g)].map(([, code = '']) => code);
