/**
 * What our own tests start: the real server on a real database, a browser without a screen, and a mailbox.
 *
 * `onEachEngine` runs the same tests on SQLite and on PostgreSQL; `await using server = await start()` closes it.
 */
import { describe } from 'node:test';
import { type MovableClock, openPostgresql, randomBase62 } from '../src/core/index.ts';
import { startDevServer } from '../src/index.ts';
import type { DevServerOptions, RunningServer } from '../src/server.ts';
import { migratedPostgres } from './migrated-postgres.ts';
import { findPostgres, testedEngines } from './postgres.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
  readonly json: any;
  /** Where it redirects, resolved; null when it does not. */
  readonly location: URL | null;
}

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  readonly clientId: string;
  readonly environmentId: string;
  readonly clock: MovableClock;
  readonly running: RunningServer;
  /** Calls the API with the environment's key. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** `POST /user_management/authenticate` as a confidential client; `null` values leave a parameter out. */
  token(parameters: Record<string, string | null>, headers?: Record<string, string>): Promise<Answer>;
  /** A new browser with no cookies. */
  browser(): TestBrowser;
  /** The newest code mailed to that address. */
  codeFor(email: string): Promise<string>;
  mails(to?: string): Promise<{ to: string; subject: string; text: string; html: string }[]>;
  /** Where an app sends a browser to sign in. */
  authorizeUrl(parameters?: Record<string, string>): string;
  /** Signs a new person up at the hosted pages. @returns the code at the callback, and the browser that got it */
  signUp(email: string, more?: SignUpOptions): Promise<{ browser: TestBrowser; code: string; callback: URL }>;
  /** Signs a new person up and exchanges the code. */
  signedUp(email: string, more?: SignUpOptions): Promise<SignedUp>;
  readonly create: {
    user(fields?: Record<string, unknown>): Promise<{ id: string; email: string } & Record<string, unknown>>;
  };
}

export interface SignUpOptions {
  readonly password?: string;
  readonly authorize?: Record<string, string>;
  readonly browser?: TestBrowser;
}

export interface SignedUp {
  readonly browser: TestBrowser;
  readonly user: { id: string; email: string };
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly claims: { sub: string; sid: string; jti: string; iat: number; exp: number; auth_time: number };
}

export const goodPassword = 'a perfectly fine passphrase';
export const callbackUri = 'http://localhost:3000/callback';

/** Defines the tests once per engine. */
export function onEachEngine(
  name: string,
  define: (
    start: (options?: Partial<DevServerOptions>) => Promise<TestServer>,
    engine: 'sqlite' | 'postgresql',
  ) => void,
): void {
  for (const engine of testedEngines()) {
    if (engine === 'postgresql' && !process.env.AUTHKIT_TEST_DATABASE_URL && !findPostgres()) continue;
    describe(`${name} (${engine})`, () => define((options) => startServer(engine, options), engine));
  }
}

/** A throw-away server of its own. */
export async function startServer(
  engine: 'sqlite' | 'postgresql' = 'sqlite',
  options: Partial<DevServerOptions> = {},
): Promise<TestServer> {
  const database = engine === 'postgresql' && options.databaseUrl === undefined ? await migratedPostgres() : null;
  const running = await startDevServer({
    port: 0,
    host: '127.0.0.1',
    dataDir: null,
    database: database ? openPostgresql(database.url) : undefined,
    logLevel: process.env.LOG_LEVEL ?? 'silent',
    strictAnswers: true,
    dashboardDir: null,
    ...options,
  });
  return testServer(running, async () => {
    await running.close();
    await database?.giveBack();
  });
}

function testServer(running: RunningServer, close: () => Promise<void>): TestServer {
  const { url, clock } = running;
  const apiKey = running.identity.apiKey.reveal();
  const { clientId } = running.identity;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    answerOf(
      await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );

  const server: TestServer = {
    url,
    apiKey,
    clientId,
    environmentId: running.environmentId,
    clock,
    running,
    api: (method, path, body, headers) => call(method, path, body, { authorization: `Bearer ${apiKey}`, ...headers }),
    token: (parameters, headers) => {
      const wanted = { client_id: clientId, client_secret: apiKey, ...parameters };
      return call(
        'POST',
        '/user_management/authenticate',
        Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null)),
        headers,
      );
    },
    browser: () => new TestBrowser(url),
    async mails(to) {
      const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
      return (await server.api('GET', `/dev/mailbox/messages${query}`)).json.data;
    },
    async codeFor(email) {
      const [newest] = await server.mails(email);
      const code = /\b\d{6}\b/.exec(newest?.subject ?? '')?.[0];
      if (!code) throw new Error(`No code was mailed to ${email}: ${newest?.subject ?? 'no mail at all'}`);
      return code;
    },
    authorizeUrl(parameters = {}) {
      const query = new URLSearchParams({
        response_type: 'code',
        provider: 'authkit',
        client_id: clientId,
        redirect_uri: callbackUri,
        ...parameters,
      });
      return `${url}/user_management/authorize?${query}`;
    },
    async signUp(email, { password = goodPassword, authorize = {}, browser = server.browser() } = {}) {
      await browser.open(server.authorizeUrl({ screen_hint: 'sign-up', ...authorize }));
      await browser.submit({ email, password });
      const done = await browser.submit({ code: await server.codeFor(email) });
      if (!done.location)
        throw new Error(`The sign-up of ${email} did not end at the app: ${done.status} at ${browser.path}`);
      return { browser, code: done.location.searchParams.get('code') ?? '', callback: done.location };
    },
    async signedUp(email, more) {
      const { browser, code } = await server.signUp(email, more);
      const { json, status, text } = await server.token({ grant_type: 'authorization_code', code });
      if (status !== 200) throw new Error(`The exchange failed: ${text}`);
      return {
        browser,
        user: json.user,
        accessToken: json.access_token,
        refreshToken: json.refresh_token,
        claims: claimsOf(json.access_token),
      };
    },
    create: {
      async user(fields = {}) {
        const answer = await server.api('POST', '/user_management/users', {
          email: `${randomBase62(10).toLowerCase()}@example.com`,
          ...fields,
        });
        if (answer.status !== 201) throw new Error(`The user was not created: ${answer.text}`);
        return answer.json;
      },
    },
    [Symbol.asyncDispose]: close,
  };
  return server;
}

/** The claims of a token, unverified. */
export const claimsOf = (token: string): SignedUp['claims'] & Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const location = response.headers.get('location');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : null,
    location: location === null ? null : new URL(location, response.url),
  };
}

/** Follows redirects inside our origin, keeps cookies, and fills in the forms of our pages: a browser without script. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;
  #page: Answer | null = null;
  #url = '';
  readonly #fetch: (url: string, init?: RequestInit) => Promise<Response>;

  /** @param through - how it reaches that origin, where the name says nothing to this machine */
  constructor(origin: string, through: (url: string, init?: RequestInit) => Promise<Response> = fetch) {
    this.#origin = origin;
    this.#fetch = through;
  }

  /** Path with query of the page it shows. */
  get path(): string {
    return this.#url.replace(this.#origin, '');
  }

  get text(): string {
    return this.#page?.text ?? '';
  }

  /** Opens an address; what it ends at is a page of ours, or a redirect to somebody else. */
  open(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#go(new URL(url, this.#origin).href, { method: 'GET', headers });
  }

  /** Sends a form of the page, its hidden fields included. @param which - the action's path; the first form when not given */
  submit(fields: Record<string, string>, which?: string): Promise<Answer> {
    const { action, hidden } = this.form(which);
    return this.post(action, { ...hidden, ...fields });
  }

  /** A form of the page as it stands there. */
  form(which?: string): { action: string; hidden: Record<string, string> } {
    for (const [form] of this.text.matchAll(/<form[\s\S]*?<\/form>/g)) {
      const action = unescaped(/action="([^"]*)"/.exec(form)?.[1] ?? '');
      if (which !== undefined && !action.startsWith(which)) continue;
      const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      return {
        action,
        hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, unescaped(value)])),
      };
    }
    throw new Error(`There is no form ${which ?? ''} at ${this.path}.`);
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#go(new URL(path, this.#origin).href, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: this.#origin, ...headers },
    });
  }

  /** A copy with the same cookies: what a thief of the cookies would have. */
  clone(): TestBrowser {
    const copy = new TestBrowser(this.#origin, this.#fetch);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  async #go(url: string, request: RequestInit): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#fetch(url, {
      ...request,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, ...(request.headers as object) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const answer = await answerOf(response);
    if (answer.location && answer.location.origin === this.#origin)
      return this.#go(answer.location.href, { method: 'GET' });
    if (!answer.location) {
      this.#page = answer;
      this.#url = url;
    }
    return answer;
  }
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
