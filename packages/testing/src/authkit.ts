import { randomBytes } from 'node:crypto';
import { type Api, apiOf } from './api.ts';
import { appEnvironment, seedOf, type TestedApp } from './app-environment.ts';
import { clockOf, type TestClock } from './clock.ts';
import { type Mailbox, mailboxOf } from './mail.ts';
import { type People, peopleOf } from './people.ts';
import { type Address, type PlatformOptions, startPlatform, startPlatformInProcess } from './platform.ts';

export interface AuthKitOptions extends PlatformOptions {
  /** `child`: a process of its own, which runs on the Node it needs. `process`: inside this one. Default `child`. */
  readonly in?: 'child' | 'process';
  /** Registers its addresses. */
  readonly app?: TestedApp;
  /** What the app seals its cookies with: 32 characters or more. Drawn when not given. */
  readonly cookiePassword?: string;
}

/** A platform that tests drive. */
export interface AuthKit extends Address, People, Pick<Api, 'call' | 'fetch'>, AsyncDisposable {
  readonly cookiePassword: string;
  readonly mail: Mailbox;
  readonly clock: TestClock;
  /** The variables that an app reads to use this platform. */
  env(app: TestedApp): Record<string, string>;
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
  return connectAuthKit({ ...platform, cookiePassword }, () => platform.stop());
}

/**
 * Drives a development platform that runs already.
 *
 * @param close - what `close` does. Nothing when not given: who started it ends it
 */
export function connectAuthKit(
  { url, apiKey, clientId, cookiePassword }: Address & { readonly cookiePassword?: string | undefined },
  close: () => Promise<void> = async () => {},
): AuthKit {
  const address = { url, apiKey, clientId };
  const password = cookiePassword ?? randomBytes(32).toString('base64url');
  const api = apiOf(address);
  const read = new Set<string>();
  return {
    ...address,
    ...api,
    ...peopleOf(api),
    cookiePassword: password,
    mail: mailboxOf(api, read),
    clock: clockOf(api),
    env: (app) => appEnvironment(address, password, app),
    close,
    [Symbol.asyncDispose]: close,
  };
}
