// @ts-check
/** Which Node runs what: ours, npm's, and the pinned one in node_modules. */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve, sep } from 'node:path';
import { root } from './files.mjs';
import { Stop } from './stop.mjs';

const modules = join(root, 'node_modules');

/** Whether a version is the given one or newer. @param {string} version @param {readonly number[]} wanted */
export function atLeast(version, [wantedMajor = 0, wantedMinor = 0]) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Binaries of one system do not run on another, and a node_modules folder travels in images and shared folders. */
export const platform = () => `${process.platform}-${process.arch}`;

/**
 * A Node that runs TypeScript: the pinned one, else one on PATH.
 *
 * @param {readonly [number, number]} oldest - major and minor version
 */
export async function findRuntime(oldest) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const { spawnSync } = await import('node:child_process');
  for (const file of [join(modules, 'node', 'bin', name), ...outerPath().map((folder) => join(folder, name))]) {
    if (!existsSync(file)) continue;
    const answer = spawnSync(file, ['--print', 'process.versions.node'], { encoding: 'utf8' });
    if (answer.status === 0 && atLeast(answer.stdout, oldest)) return file;
  }
  throw new Stop(
    `AuthKit runs on Node ${oldest.join('.')} or newer: the npm package "node" brought no binary for ${platform()}, and PATH has only ${process.version}. Install Node 24, or allow the package's install script and run npm rebuild node.`,
  );
}

/** The Node that runs npm, unless that is the pinned one, which an install takes away in the middle of its work. */
export function callingNode() {
  const caller = process.env.npm_node_execpath;
  if (caller && existsSync(caller) && !inOurModules(caller)) return caller;
  return inOurModules(process.execPath) ? 'node' : process.execPath;
}

/** PATH without our own node_modules. */
export const outerPath = () =>
  (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !inOurModules(folder));
const inOurModules = (/** @type {string} */ path) =>
  resolve(path).startsWith(modules + sep) || resolve(path) === modules;
