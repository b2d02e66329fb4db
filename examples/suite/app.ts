/** The example's process: `npm start` with nothing but an environment. */
import { outerEnvironment, startApp as start } from '@authkit/testing';

const START_TIMEOUT_MS = 60_000;

/** Keeps frameworks from reporting to their makers. */
export const UNOBSERVED = { NEXT_TELEMETRY_DISABLED: '1' };

export interface App extends AsyncDisposable {
  /** Origin, as in the redirect URI. */
  readonly url: string;
  /** What it wrote so far. */
  log(): string;
}

/** Waits until it answers. @throws an error that holds what it wrote, when it ends or does not answer in a minute */
export async function startApp(folder: string, port: number, env: Readonly<Record<string, string>>): Promise<App> {
  const { origin: url, ...app } = await start('npm start', {
    origin: `http://localhost:${port}`,
    cwd: folder,
    inherited: outerEnvironment(),
    env: { ...UNOBSERVED, ...env },
    timeoutMs: START_TIMEOUT_MS,
  });
  return { ...app, url };
}
