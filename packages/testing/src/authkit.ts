import { randomBytes } from 'node:crypto';
import { type Api, apiOf } from './api.ts';
import { appEnvironment, seedOf, type TestedApp } from './app-environment.ts';
import type { Page } from './browser.ts';
import { clockOf, type TestClock } from './clock.ts';
import { type Controls, controlsOf } from './controls.ts';
import { type Mailbox, mailboxOf } from './mail.ts';
import { addAuthenticator, type VirtualAuthenticator } from './passkey.ts';
import { type People, peopleOf, type TestUser } from './people.ts';
import { type Address, type PlatformOptions, startPlatform, startPlatformInProcess } from './platform.ts';
import { type Sessions, sessionsOf } from './sessions.ts';
import { type SignInOptions, signInAt } from './sign-in.ts';
import { newTotpSecret, totpCode } from './totp.ts';

export interface AuthKitOptions extends PlatformOptions {
  /** `child`: a process of its own, which runs on the Node it needs. `process`: inside this one. Default `child`. */
  readonly in?: 'child' | 'process';
  /** Registers its addresses. */
  readonly app?: TestedApp;
  /** What the app seals its cookies with: 32 characters or more. Drawn when not given. */
  readonly cookiePassword?: string;
}

/** Somebody's authenticator app. */
export interface Totp {
  readonly secret: string;
  /** What it shows now, by the platform's clock. Each code counts once: advance the clock by '30s' for another. */
  code(): Promise<string>;
}

/** A platform that tests drive. */
export interface AuthKit extends Address, People, Sessions, Controls, Pick<Api, 'call' | 'fetch'>, AsyncDisposable {
  readonly cookiePassword: string;
  readonly mail: Mailbox;
  readonly clock: TestClock;
  /** The variables that an app reads to use this platform. @param app - what the platform was started with when not given */
  env(app?: TestedApp): Record<string, string>;
  /** Signs in at the hosted pages, in a browser where nobody is signed in, up to the app. */
  signIn(page: Page, user: TestUser, options?: SignInOptions): Promise<void>;
  /** Gives somebody an authenticator app, which `signIn` then uses. */
  totp(user: Pick<TestUser, 'id'>): Promise<Totp>;
  /** Gives a page of Chromium an authenticator that makes passkeys and signs in with them. */
  passkey(page: Page): Promise<VirtualAuthenticator>;
  /** Ends the platform. */
  close(): Promise<void>;
}

/** Starts a platform on a free port with nothing in it but what its seed holds. */
export async function createAuthKit({
  in: place = 'child',
  app,
  cookiePassword,
  seed,
  ...options
}: AuthKitOptions = {}): Promise<AuthKit> {
  const start = place === 'process' ? startPlatformInProcess : startPlatform;
  const platform = await start({ ...options, seed: app ? { ...seedOf(app), ...seed } : seed });
  return connectAuthKit({ ...platform, app, cookiePassword }, () => platform.stop());
}

export interface Connection extends Address {
  readonly app?: TestedApp | undefined;
  readonly cookiePassword?: string | undefined;
}

/**
 * Drives a development platform that runs already.
 *
 * @param close - what `close` does. Nothing when not given: who started it ends it
 */
export function connectAuthKit(
  { url, apiKey, clientId, app, cookiePassword }: Connection,
  close: () => Promise<void> = async () => {},
): AuthKit {
  const address = { url, apiKey, clientId };
  const password = cookiePassword ?? randomBytes(32).toString('base64url');
  const api = apiOf(address);
  const clock = clockOf(api);
  const read = new Set<string>();
  const secrets = new Map<string, string>();

  const totpOf = (userId: string): Totp | null => {
    const secret = secrets.get(userId);
    return secret === undefined ? null : { secret, code: async () => totpCode(secret, await clock.now()) };
  };

  return {
    ...address,
    ...api,
    ...peopleOf(api),
    ...sessionsOf(api, address, password, app?.origin),
    ...controlsOf(api, read),
    cookiePassword: password,
    mail: mailboxOf(api, read),
    clock,
    env: (tested = app) => appEnvironment(address, password, required(tested)),

    async signIn(page, user, { from, ...options } = {}) {
      const start = new URL(from ?? app?.signInPath ?? '/login', from?.includes('://') ? from : required(app).origin);
      const code = async (): Promise<string> => {
        const totp = totpOf(user.id);
        if (!totp)
          throw new Error(`The page asks ${user.email} for a code. Give them an authenticator app with totp().`);
        return totp.code();
      };
      await signInAt(page, user, { ...options, platform: new URL(url).origin, start: start.href, code });
    },

    async totp(user) {
      const secret = newTotpSecret();
      // One that is brought along counts at once: nobody has to prove it first.
      await api.call('POST', `/user_management/users/${user.id}/auth_factors`, { type: 'totp', totp_secret: secret });
      secrets.set(user.id, secret);
      return totpOf(user.id) as Totp;
    },

    passkey: addAuthenticator,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function required(app: TestedApp | undefined): TestedApp {
  if (app === undefined) throw new TypeError('Say where the app is: `app` of createAuthKit, { origin }.');
  return app;
}
