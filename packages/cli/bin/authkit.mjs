#!/usr/bin/env node
// @ts-check
/**
 * The `authkit` command. The program itself is TypeScript and needs a Node that strips types; this launcher runs on
 * Node >= 20 and, where it finds itself on an older one than that, starts the Node that npm installed beside us.
 */
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Keep equal to REQUIRED_NODE in scripts/bootstrap.mjs. */
const REQUIRED_NODE = /** @type {const} */ ([24, 15]);
/** By then the start is over and everything it needs is loaded; a process that is killed would never write its cache. */
const SAVE_CACHE_AFTER_MS = 3_000;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > REQUIRED_NODE[0] || (major === REQUIRED_NODE[0] && minor >= REQUIRED_NODE[1])) {
  // Stripped and compiled code is kept between starts. In node_modules, so that an install clears it away.
  module.enableCompileCache?.(join(root, 'node_modules', '.cache', 'compiled'));
  setTimeout(() => module.flushCompileCache?.(), SAVE_CACHE_AFTER_MS).unref();
  // A name the type checker cannot follow: this file is JavaScript and must load where TypeScript cannot.
  await import(new URL('../src/main.ts', import.meta.url).href);
} else {
  await restartUnder(join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
}

/** @param {string} node */
async function restartUnder(node) {
  if (!existsSync(node)) {
    process.stderr.write(
      `authkit runs on Node ${REQUIRED_NODE.join('.')} or newer and this is ${process.version}. Run npm ci in ${root}, which installs one, or use Node 24.\n`,
    );
    process.exit(1);
  }
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // The terminal has told the child already when a person pressed Ctrl-C.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  if (process.connected) process.once('disconnect', () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    process.stderr.write(`authkit could not start ${node}: ${error.message}. Run npm ci in ${root}.\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
