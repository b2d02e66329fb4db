/** A platform, an example and a browser, for the walks of one example. */
import assert from 'node:assert/strict';
import type { BrowserContext } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../../packages/server/test/browser.ts';
import { findPostgres, freshPostgres, testedEngines } from '../../packages/server/test/postgres.ts';
import { freePort, type Platform, startPlatform } from '../../packages/server/test/processes.ts';
import { type App, startApp } from './app.ts';
import type { Environment, Example } from './example.ts';
import { build, install, type Sdk } from './install.ts';
import { type Notes, newNotes, newVisitor, type VisitOptions, type Visitor } from './visitor.ts';

/** Longer than an access token lives (300 s), shorter than a sign-in attempt (600 s). */
const TOKEN_OUTLIVED_MS = 400_000;
/** Of the last walks' bodies: nothing that browsers get may hold it. */
const COOKIE_PASSWORD = 'a "cookie" password, at least 32 long';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
}

export interface Stage extends AsyncDisposable {
  readonly example: Example;
  readonly app: App;
  /** Where the app was built. */
  readonly folder: string;
  /** What its node_modules holds of the SDK. */
  readonly sdkVersion: string;
  readonly platform: Platform;
  readonly browser: TestBrowser;
  readonly environment: Environment;
  /** Null when the app keeps none. */
  readonly sessionCookie: string | null;
  readonly notes: Notes;
  /** Of every person so far. */
  readonly passwords: string[];
  /** The dashboard's owner, once there is one. */
  readonly ownership: { email: string; cookies: StorageState | null };
  /** The person whom walks share, and the cookies by which the platform knows them. */
  readonly known: { person: Person | null; cookies: StorageState['cookies'] | null };
  /** A browser with an empty profile. */
  visit(options?: VisitOptions): Promise<Visitor>;
  /** Somebody with an account and a proven address. */
  person(more?: Readonly<Record<string, unknown>>): Promise<Person>;
  /** Calls the platform's API. @throws {AssertionError} when it refuses */
  api<T = unknown>(method: string, path: string, body?: object): Promise<T>;
  /** Lets something happen at the platform in the past. Default: 400 s ago, so that its access tokens have run out by the app's clock. */
  longAgo<T>(happens: () => Promise<T>, ms?: number): Promise<T>;
}

/** Starts what the walks need, all of it at once; the app is built once it is known for which addresses. */
export async function startStage(example: Example, sdk: Sdk): Promise<Stage> {
  const opened = new AsyncDisposableStack();
  try {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const callback = url + (example.callback ?? '/callback');
    const [installed, platform, browser] = await allOf([
      install(example.name, { ...sdk, ...(example.added && { added: example.added }) }),
      startPlatformFor(example, url, callback, opened),
      launchBrowser().then((launched) => opened.use(launched)),
    ]);
    const { folder, sdkVersion } = installed;
    const environment = environmentOf(platform, port, callback);
    const given = example.environment?.(environment) ?? environment;
    await build(folder, Object.fromEntries((example.builtIn ?? []).map((name) => [name, given[name] ?? ''])));
    const app = opened.use(await startApp(folder, port, given));
    return stageOf({ example, app, folder, sdkVersion, platform, browser, environment, opened: opened.move() });
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** Like `Promise.all`, but waits for the others when one fails: what they start has to be ended. */
async function allOf<T extends readonly unknown[]>(under: { readonly [I in keyof T]: Promise<T[I]> }): Promise<T> {
  await Promise.allSettled(under);
  return (await Promise.all(under)) as unknown as T;
}

async function startPlatformFor(example: Example, url: string, callback: string, opened: AsyncDisposableStack) {
  const platform = await startPlatform({
    by: 'authkit dev',
    databaseUrl: await databaseFor(example, opened),
    seed: {
      application_name: example.name,
      redirect_uris: [callback],
      sign_out_redirects: [`${url}/`],
      sign_in_endpoint: `${url}/login`,
      cors_origins: [url],
      settings: { impersonation: true },
    },
  });
  opened.defer(() => platform.stop());
  return platform;
}

type Parts = Pick<Stage, 'example' | 'app' | 'folder' | 'sdkVersion' | 'platform' | 'browser' | 'environment'> & {
  readonly opened: AsyncDisposableStack;
};

function stageOf({ opened, ...parts }: Parts): Stage {
  const { platform, example } = parts;
  const stage: Stage = {
    ...parts,
    sessionCookie: example.sessionCookie === undefined ? 'wos-session' : example.sessionCookie,
    notes: newNotes(),
    passwords: [],
    ownership: { email: '', cookies: null },
    known: { person: null, cookies: null },
    visit: (options) => newVisitor(stage, options),
    async person(more = {}) {
      const made = newPerson(stage);
      const { email, password, firstName } = made;
      const body = { email, password, first_name: firstName, email_verified: true, ...more };
      const { id } = await stage.api<{ id: string }>('POST', '/user_management/users', body);
      return { ...made, id };
    },
    async api<T>(method: string, path: string, body?: object) {
      const response = await platform.api(method, path, body);
      const text = await response.text();
      assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
      return (text === '' ? null : JSON.parse(text)) as T;
    },
    async longAgo(happens, ms = TOKEN_OUTLIVED_MS) {
      await platform.setClock(new Date(Date.now() - ms));
      try {
        return await happens();
      } finally {
        await platform.resetClock();
      }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
  return stage;
}

/** The same stage with another app on it: the same build with other variables, or under another address. */
export function stageWith(stage: Stage, others: Partial<Pick<Stage, 'app' | 'browser'>>): Stage {
  const changed: Stage = { ...stage, ...others, visit: (options) => newVisitor(changed, options) };
  return changed;
}

/** Somebody who has no account yet. */
export function newPerson({ passwords }: Stage): Omit<Person, 'id'> {
  const number = passwords.length + 1;
  const password = `violet harbour ${number} lantern`;
  passwords.push(password);
  return { email: `ada${number}@example.com`, password, firstName: 'Ada' };
}

function environmentOf({ url, apiKey, clientId }: Platform, port: number, callback: string): Environment {
  const platform = new URL(url);
  return {
    PORT: String(port),
    WORKOS_API_KEY: apiKey,
    WORKOS_CLIENT_ID: clientId,
    WORKOS_COOKIE_PASSWORD: COOKIE_PASSWORD,
    WORKOS_REDIRECT_URI: callback,
    WORKOS_API_HOSTNAME: platform.hostname,
    WORKOS_API_PORT: platform.port,
    WORKOS_API_HTTPS: 'false',
  };
}

async function databaseFor({ engine }: Example, opened: AsyncDisposableStack): Promise<string | undefined> {
  const isThere = process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres();
  if (engine !== 'postgresql' || !testedEngines().includes(engine) || !isThere) return undefined;
  const database = await freshPostgres();
  opened.defer(async () => database?.drop());
  return database?.url;
}
