// @ts-check
/** Calling npm from inside npm. */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { callingNode, outerPath } from './find-node.mjs';
import { run } from './run.mjs';
import { Stop } from './stop.mjs';

/**
 * The npm that called us, or the one on PATH, kept off the node_modules it is about to replace.
 *
 * @param {string} folder
 * @param {readonly string[]} args
 * @param {string} failure - how the one line begins when it fails
 */
export async function npm(folder, args, failure) {
  const env = cleanEnvironment();
  const script = process.env.npm_execpath;
  const cli = script && /npm-cli\.c?js$/.test(script) && existsSync(script) ? script : null;
  const command = cli ? callingNode() : 'npm';
  // stdout becomes our stderr: the reader of `--json` waits for one line and must not get npm's.
  const { code, signal, received } = await run(command, [...(cli ? [cli] : []), ...args, '--loglevel=error'], {
    cwd: folder,
    env,
    stdio: ['ignore', 2, 2],
    shell: !cli && process.platform === 'win32',
  });
  if (received) {
    throw new Stop(`${failure}: interrupted. Run the command again to go on.`, 128 + constants.signals[received]);
  }
  if (code !== 0) {
    throw new Stop(
      `${failure} (${signal ?? `exit code ${code}`}); the reason is above. Run the command again once it is solved.`,
    );
  }
}

function cleanEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: outerPath().join(delimiter) };
  // What was meant for the outer command (`npm start --silent`) must not silence, narrow or redirect the inner one.
  for (const name of [
    'loglevel',
    'json',
    'workspace',
    'workspaces',
    'include_workspace_root',
    'global',
    'omit',
    'production',
    'dry_run',
  ]) {
    delete env[`npm_config_${name}`];
  }
  return env;
}
