import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The system's Chromium, or the one that `AUTHKIT_TEST_CHROMIUM` names; null when there is none. */
export function findChromium(): string | null {
  const named = process.env.AUTHKIT_TEST_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}
