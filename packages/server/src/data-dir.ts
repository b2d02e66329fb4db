import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { StartError } from './start-error.ts';

/** A directory that this process alone writes to, until it closes it or ends. */
export interface DataDir {
  readonly path: string;
  readonly databaseFile: string;
  readonly encryptionKey: Buffer;
  /** Tells whoever finds the directory taken where to find this server. */
  announce(url: string): void;
  close(): void;
}

/**
 * Opens a data directory, and makes it at the first start.
 *
 * @throws {StartError} when it is a file or cannot be written, another server uses it, or its key is damaged
 */
export function openDataDir(dir: string): DataDir {
  const path = resolve(dir);
  if (existsSync(path) && statSync(path).isFile())
    throw new StartError(`${path} is a file, not a directory. Choose a directory with --data-dir.`);
  try {
    // Recursive only where it has to be: where nothing can be made (under /proc) Node then tries without end.
    if (!existsSync(path)) mkdirSync(path, { recursive: !existsSync(dirname(path)), mode: 0o700 });
  } catch (error) {
    throw new StartError(
      `The data directory ${path} cannot be made (${codeOf(error)}). Choose another with --data-dir, or make it writable.`,
    );
  }
  const lock = takeLock(path);
  const holder = join(path, holderName);
  try {
    // One that was killed left its own here.
    rmSync(holder, { force: true });
    return {
      path,
      databaseFile: join(path, databaseName),
      encryptionKey: readKey(path),
      announce: (url) => writeFileSync(holder, JSON.stringify({ pid: process.pid, url }), { mode: 0o600 }),
      close() {
        rmSync(holder, { force: true });
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * An open `BEGIN EXCLUSIVE` on a small database of its own: the system gives it back whatever ends the process, so
 * nobody has to clear away the lock of a server that was killed.
 */
function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(join(path, 'lock.db'), { timeout: 0 });
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock?.close();
    // SQLITE_BUSY
    if ((error as { errcode?: number }).errcode === 5) {
      throw new StartError(
        `Another server${holderOf(path)} is using the data directory ${path}. Use that one, stop it first, or choose another with --data-dir.`,
      );
    }
    throw new StartError(
      `The data directory ${path} cannot be written (${codeOf(error)}). Choose another with --data-dir, or make it writable.`,
    );
  }
}

const databaseName = 'authkit.db';
const holderName = 'server.json';

const Holder = z.object({ pid: z.number().int(), url: z.url() });

/** Nothing while that server is still starting. */
function holderOf(path: string): string {
  try {
    const { pid, url } = Holder.parse(JSON.parse(readFileSync(join(path, holderName), 'utf8')));
    return ` (${url}, process ${pid})`;
  } catch {
    return '';
  }
}

const keyBytes = 32;

/** The key is renamed into place when it is complete: half a key would lock its owner out of everything. */
function readKey(path: string): Buffer {
  const file = join(path, 'encryption.key');
  const isFirstStart = !existsSync(join(path, databaseName));
  if (!isFirstStart && !existsSync(file)) {
    throw new StartError(
      `The key file ${file} is missing, and without it the secrets in this directory cannot be opened. Put it back, or choose another directory with --data-dir.`,
    );
  }
  try {
    if (!existsSync(file)) {
      const draft = `${file}.new`;
      writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
      renameSync(draft, file);
    }
    chmodSync(file, 0o600);
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    if (key.length === keyBytes) return key;
  } catch (error) {
    throw new StartError(
      `The key file ${file} cannot be read or written (${codeOf(error)}). Make it readable for this user.`,
    );
  }
  throw new StartError(
    `The key file ${file} is damaged. Put the original back: without it the secrets in this directory cannot be opened.`,
  );
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);
