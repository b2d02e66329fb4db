import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from '../figures.ts';
import type { Lab } from '../lab.ts';
import { residentBytes } from '../processor-time.ts';
import type { Part } from './part.ts';

const command = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'authkit.mjs');
const warmStarts = 5;
const firstStarts = 3;
const idleMs = 5000;

/** `authkit dev` as a person starts it, from its process to the answer of its first request to the API. */
export const start: Part = {
  name: 'start',
  title: 'Starting `authkit dev`, and what it holds when nobody asks anything',
  async measure(lab) {
    const first: number[] = [];
    for (let round = 0; round < firstStarts; round++) first.push(await secondsToFirstAnswer(lab.folder(), true));
    const folder = lab.folder();
    // The start that writes the cache of compiled code, which those after it find.
    await secondsToFirstAnswer(folder, false, cacheWrittenMs);
    const warm: number[] = [];
    for (let round = 0; round < warmStarts; round++) warm.push(await secondsToFirstAnswer(folder, false));
    return [
      figure('warm start to the first answer', 's', warm, { atMost: 0.6 }),
      figure('first ever start to the first answer', 's', first, { atMost: 1.5 }),
      figure('memory after 5 s without requests', 'MB', [await idleMegabytes(lab)], { atMost: 120 }),
    ];
  },
};

/** The command writes its compiled code to disk three seconds after its start. */
const cacheWrittenMs = 4000;

/** @param isFirst - nothing is compiled yet either, as after an install */
async function secondsToFirstAnswer(folder: string, isFirst: boolean, stayMs = 0): Promise<number> {
  const startedAt = performance.now();
  const server = await launch(folder, isFirst ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {});
  const answer = await fetch(`${server.url}/user_management/users`, {
    headers: { authorization: `Bearer ${server.apiKey}` },
  });
  await answer.text();
  const seconds = (performance.now() - startedAt) / 1000;
  await sleep(stayMs);
  await stop(server.process);
  if (answer.status !== 200) throw new Error(`The first request was answered ${answer.status}.`);
  return seconds;
}

async function idleMegabytes(lab: Lab): Promise<number> {
  const server = await launch(lab.folder(), {});
  await sleep(idleMs);
  const bytes = residentBytes(server.process.pid ?? 0);
  await stop(server.process);
  return bytes / 2 ** 20;
}

async function launch(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<{ process: ChildProcess; url: string; apiKey: string }> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [command, 'dev', '--json', '--port', '0', '--data-dir', folder], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { process: child, ...(JSON.parse(line as string) as { url: string; apiKey: string }) };
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
