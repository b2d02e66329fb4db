// @ts-check
/** Dependencies: whether node_modules is what the lockfile names, and making it so. */
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hashOf, look, readJson, root, writeJson } from './files.mjs';
import { platform } from './find-node.mjs';
import { npm } from './npm.mjs';
import { Stop, say } from './stop.mjs';

export const lockfileOf = (/** @type {string} */ folder) => join(folder, 'package-lock.json');
/** npm's own record of what it put in place, written after everything else, so its absence means "interrupted". */
const recordOf = (/** @type {string} */ folder) => join(folder, 'node_modules', '.package-lock.json');
/** Inside node_modules, because `npm ci` empties that first: our word on an install cannot outlive the install. */
const stampOf = (/** @type {string} */ folder) => join(folder, 'node_modules', '.authkit-install.json');

/**
 * The example in which scripts/docs-commands.test.ts types what its README says. It may not ask the network, so what it
 * needs is here before; every other one is installed in a copy of its own by examples/suite.
 */
export const typedExample = join(root, 'examples', 'vanilla-express');

/** @param {string} folder */
export function isInstalled(folder) {
  if (!existsSync(recordOf(folder))) return false;
  const stamp = readJson(stampOf(folder));
  if (stamp?.platform === platform()) {
    if (stamp.look === look(lockfileOf(folder))) return true;
    // A checkout may touch the lockfile without changing a byte of it.
    if (stamp.hash === hashOf([lockfileOf(folder)])) return stampInstall(folder);
  }
  // Somebody ran npm by hand (`npm ci`, `npm install x`): if its record says the same as the lockfile, there is nothing left to do.
  const here = !stamp || stamp.platform === platform();
  return here && recordMatchesLockfile(folder) ? stampInstall(folder) : false;
}

/** @param {string} folder */
function stampInstall(folder) {
  const lockfile = lockfileOf(folder);
  writeJson(stampOf(folder), { platform: platform(), look: look(lockfile), hash: hashOf([lockfile]) });
  return true;
}

/** @param {string} folder */
function recordMatchesLockfile(folder) {
  const wanted = readJson(lockfileOf(folder))?.packages;
  const present = readJson(recordOf(folder))?.packages;
  if (!wanted || !present) return false;
  return (
    Object.keys(present).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, entry]) => {
      if (!path.includes('node_modules/')) return true;
      const installed = present[path];
      // npm leaves out what is optional and made for another system.
      if (!installed) return Boolean(entry.optional || entry.devOptional || entry.peer);
      const same = installed.version === entry.version && installed.integrity === entry.integrity;
      return same && existsSync(join(folder, path, 'package.json'));
    })
  );
}

/** @param {string} folder */
export async function install(folder) {
  const where = relative(root, folder);
  if (!existsSync(lockfileOf(folder))) {
    throw new Stop('package-lock.json is missing: restore it (git checkout package-lock.json) and run this again.');
  }
  say(`Installing dependencies${where && ` of ${where}`} with npm ci; this happens once for each package-lock.json.`);
  // First of all, so that whatever interrupts us leaves something that cannot pass for a finished install.
  rmSync(stampOf(folder), { force: true });
  rmSync(recordOf(folder), { force: true });
  // NODE_ENV=production and a user's `omit` would leave out what the dashboard is built with.
  await npm(folder, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], 'npm ci did not finish');
  stampInstall(folder);
}
