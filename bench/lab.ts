/**
 * Where the measuring is done: the server, the load and each thing they are compared with run in processes of their own,
 * so that the processor time of each can be told apart.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres, POSTGRES_MISSING, startPostgres } from '../packages/server/test/postgres.ts';
import type { Load, LoadResult, RunOptions } from './children/load.ts';
import type { Started } from './children/server.ts';
import { clusterCpu } from './processor-time.ts';

const cache = join(import.meta.dirname, '..', '.cache');

export type Engine = 'sqlite' | 'postgresql';

export const engineName = (engine: Engine): string => (engine === 'sqlite' ? 'SQLite' : 'PostgreSQL');

export interface Child {
  ask<T>(task: string, ...args: readonly unknown[]): Promise<T>;
}

/** A running server. */
export interface Platform extends Started {
  readonly engine: Engine;
  readonly child: Child;
  /** Processor time it and its database have used so far, in microseconds. */
  cpu(): Promise<number>;
}

/** Clients in a process of their own. What they have learned (their next refresh token) lasts from round to round. */
export interface Clients {
  run(options: RunOptions): Promise<LoadResult>;
}

export class Lab implements AsyncDisposable {
  readonly #ends: (() => Promise<void> | void)[] = [];
  #database: Promise<string | null> | undefined;

  /** What can be measured on this machine: PostgreSQL where there is one. */
  async engines(): Promise<readonly Engine[]> {
    return (await this.#databaseUrl()) === null ? ['sqlite'] : ['sqlite', 'postgresql'];
  }

  /** A server of its own on an empty, durable database: a file with `synchronous=FULL`, or PostgreSQL as it comes. */
  async platform(engine: Engine): Promise<Platform> {
    const url = engine === 'postgresql' ? await this.#databaseUrl() : null;
    const child = await this.child('server', { AUTHKIT_TEST_DATABASE_URL: url ?? '' });
    const started = await child.ask<Started>('start', engine, engine === 'sqlite' ? this.folder() : null);
    return {
      ...started,
      engine,
      child,
      cpu: async () => (await child.ask<number>('cpu')) + (url === null ? 0 : await clusterCpu(url)),
    };
  }

  async clients(load: Load): Promise<Clients> {
    const child = await this.child('load');
    await child.ask('prepare', load);
    return { run: (options) => child.ask('run', options) };
  }

  /** A process of one of the files in `children/`. */
  async child(name: string, env: Readonly<Record<string, string>> = {}): Promise<Child> {
    const child = fork(join(import.meta.dirname, 'children', `${name}.ts`), {
      env: { ...process.env, NODE_ENV: 'production', ...env },
      // What somebody may have to say goes to stderr: stdout is the result.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#ends.push(() => farewell(child));
    await once(child, 'message');
    return conversation(name, child);
  }

  /** An empty folder in this clone rather than in `/tmp`, which is memory on some systems: no durable write is slow there. */
  folder(): string {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'bench-'));
    this.#ends.unshift(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  #databaseUrl(): Promise<string | null> {
    this.#database ??= this.#provideDatabase();
    return this.#database;
  }

  async #provideDatabase(): Promise<string | null> {
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
    if (!findPostgres()) {
      process.stderr.write(`${POSTGRES_MISSING}\n`);
      return null;
    }
    const server = await startPostgres({ isDurable: true });
    this.#ends.unshift(async () => server[Symbol.asyncDispose]());
    return server.url;
  }
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Questions to a child and their answers. When it ends, what it still owes fails. */
function conversation(name: string, child: ChildProcess): Child {
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    const question = open.get(id);
    open.delete(id);
    if (error === undefined) question?.resolve(value as never);
    else question?.reject(new Error(`${name}: ${error}`));
  });
  child.once('exit', (code) => {
    for (const { reject } of open.values()) reject(new Error(`The process ${name} ended with code ${code}.`));
  });
  return {
    ask: (task, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        open.set(id, { resolve, reject });
        child.send({ id, task, args });
      }),
  };
}

async function farewell(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  await exit;
}
