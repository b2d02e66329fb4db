// @ts-check
/** The dashboard: whether what is built is what the sources say, and building it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hashOf, look, readJson, root, writeJson } from './files.mjs';
import { lockfileOf } from './install.mjs';
import { npm } from './npm.mjs';
import { Stop, say } from './stop.mjs';

const dashboard = join(root, 'apps', 'dashboard');
const dashboardPage = join(dashboard, 'dist', 'index.html');
/** Not inside dist, which is served to browsers. */
const dashboardStamp = join(root, '.cache', 'dashboard-build.json');

export function isBuilt() {
  const stamp = readJson(dashboardStamp);
  if (!stamp || !existsSync(dashboardPage)) return false;
  const sources = dashboardSources();
  if (stamp.look === sources.map(look).join('\n')) return true;
  return stamp.hash === hashOf(sources) ? stampBuild(sources) : false;
}

/** @param {readonly string[]} sources */
function stampBuild(sources) {
  writeJson(dashboardStamp, { look: sources.map(look).join('\n'), hash: hashOf(sources) });
  return true;
}

export async function build() {
  say('Building the dashboard.');
  rmSync(dashboardStamp, { force: true });
  // Read before the build: a file saved while it runs must make the next start build again.
  const sources = dashboardSources();
  const stamp = { look: sources.map(look).join('\n'), hash: hashOf(sources) };
  await npm(root, ['run', 'build', '-w', '@authkit/dashboard'], 'The dashboard did not build');
  if (!existsSync(dashboardPage))
    throw new Stop(
      `The dashboard was built, and yet ${relative(root, dashboardPage)} is missing: look at its vite.config.ts.`,
    );
  writeJson(dashboardStamp, stamp);
}

/** Everything that decides what the build makes: its own files, the API client it shows, and the versions of both. */
function dashboardSources() {
  return [lockfileOf(root), ...filesUnder(dashboard), ...filesUnder(join(root, 'packages', 'client'))].sort();
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : filesUnder(path);
    return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
