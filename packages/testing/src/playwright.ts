/**
 * Fixtures for Playwright: each worker has a platform and an app of its own, on ports that are free, and each test finds
 * the platform as the test before it did.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PlaywrightTestConfig } from '@playwright/test';
import { type RunningApp, startApp } from './app.ts';
import type { TestedApp } from './app-environment.ts';
import { type AuthKit, type AuthKitOptions, createAuthKit } from './authkit.ts';
import { findChromium } from './chromium.ts';
import { freePort } from './processes.ts';

const playwright = runningPlaywright();
const workerTimeoutMs = 180_000;

export const { expect } = playwright;

export interface AppUnderTest extends Omit<TestedApp, 'origin'> {
  /** A shell command that starts the app on port `PORT`, with the variables that point it to its worker's platform. */
  readonly command: string;
  /** Where to run it. Default: where Playwright runs. */
  readonly cwd?: string;
  /** Besides those variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is asked for until the app answers. Default `/`. */
  readonly readyPath?: string;
}

export interface AuthKitSettings extends Pick<AuthKitOptions, 'seed' | 'in'> {
  /** Without it there is a platform alone, and `baseURL` is left to the configuration. */
  readonly app?: AppUnderTest;
}

interface Stage {
  readonly auth: AuthKit;
  readonly app: RunningApp | null;
}

interface WorkerFixtures {
  /** `use: { authkit: … }` of the configuration. */
  readonly authkit: AuthKitSettings;
  readonly authkitStage: Stage;
  /** The worker's platform. What `beforeAll` makes there stays, what a test does is undone after it. */
  readonly auth: AuthKit;
}

interface TestFixtures {
  readonly authkitRestored: undefined;
}

export const test = playwright.test.extend<TestFixtures, WorkerFixtures>({
  authkit: [{}, { scope: 'worker', option: true }],

  authkitStage: [
    async ({ authkit: { app, seed, ...options } }, use) => {
      const origin = app && `http://localhost:${await freePort()}`;
      const tested = app && origin ? { app: { ...app, origin } } : {};
      await using auth = await createAuthKit({ ...options, seed, ...tested });
      await using running =
        app && origin ? await startApp(app.command, { ...app, origin, env: { ...auth.env(), ...app.env } }) : null;
      await use({ auth, app: running });
    },
    { scope: 'worker', timeout: workerTimeoutMs },
  ],

  auth: [({ authkitStage }, use) => use(authkitStage.auth), { scope: 'worker' }],

  baseURL: ({ authkitStage: { app }, baseURL }, use) => use(app?.origin ?? baseURL),

  authkitRestored: [
    async ({ authkitStage: { auth, app } }, use, testInfo) => {
      const snapshot = await auth.snapshot();
      await use(undefined);
      const log = app?.log();
      if (log && testInfo.status !== testInfo.expectedStatus)
        await testInfo.attach('app.log', { body: log, contentType: 'text/plain' });
      await auth.restore(snapshot);
    },
    { auto: true },
  ],
});

/**
 * A configuration for Playwright, around whatever else it should hold: tests in parallel, in the system's Chromium where
 * there is one, so that no browser has to be downloaded.
 */
export function authkit({
  app,
  seed,
  in: place,
  use,
  ...config
}: AuthKitSettings & PlaywrightTestConfig = {}): PlaywrightTestConfig<TestFixtures, WorkerFixtures> {
  const executablePath = findChromium();
  return {
    fullyParallel: true,
    ...config,
    use: {
      ...use,
      launchOptions: {
        ...(executablePath && { executablePath }),
        // Containers run tests as root, where the sandbox cannot start.
        ...(process.getuid?.() === 0 && { args: ['--no-sandbox'] }),
        ...use?.launchOptions,
      },
      authkit: { ...(app && { app }), ...(seed && { seed }), ...(place && { in: place }) },
    },
  };
}

/** Playwright refuses to be loaded twice, and ours would be another copy than the one that runs the tests. */
function runningPlaywright(): typeof import('@playwright/test') {
  const [, program = ''] = process.argv;
  for (const from of [program, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(realpathSync(from))('playwright/test');
    } catch {
      // Not started by Playwright: then it is the one of the folder.
    }
  }
  throw new Error('Playwright is not installed here. Run npm install --save-dev @playwright/test');
}
