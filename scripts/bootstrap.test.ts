import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

/** Stands in for npm: records each call, and does to node_modules and dist what npm would, as slowly as it is told. */
const npmStandIn = `
const fs = require('node:fs');
const command = process.argv[2];
fs.appendFileSync('calls.log', command + '\\n');
console.log('npm says something on stdout');
if (command === 'ci') {
  fs.mkdirSync('node_modules', { recursive: true });
  setTimeout(() => {
    if (fs.existsSync('npm-must-fail')) process.exit(9);
    fs.mkdirSync('node_modules/a', { recursive: true });
    fs.writeFileSync('node_modules/a/package.json', '{}');
    fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  }, Number(process.env.INSTALL_MS ?? 0));
} else {
  fs.mkdirSync('apps/dashboard/dist', { recursive: true });
  fs.writeFileSync('apps/dashboard/dist/index.html', 'built');
}
`;

const programStandIn = `
console.log(JSON.stringify(process.argv.slice(2)));
if (process.argv.includes('--stay')) {
  process.on('SIGTERM', () => process.exit(21));
  setInterval(() => {}, 1000);
} else {
  process.exitCode = 7;
}
`;

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('npm start in a clone', () => {
  it('installs and builds first, passes arguments and the exit code on, and keeps stdout for the program', async () => {
    using clone = makeClone();
    const first = await clone.start(['--port', '0']);
    assert.deepEqual([first.stdout, first.code], ['["dev","--port","0"]\n', 7]);
    assert.match(
      first.stderr,
      /Installing dependencies[\s\S]*npm says something on stdout[\s\S]*Building the dashboard/,
    );
    assert.deepEqual(clone.calls(), ['ci', 'run']);
  });

  it('does neither again while nothing changed, not even when a checkout touches the files', async () => {
    using clone = makeClone();
    await clone.start();
    clone.touch('package-lock.json');
    clone.touch('apps/dashboard/src/main.tsx');
    assert.deepEqual(await clone.start(), { code: 7, stdout: '["dev"]\n', stderr: '' });
    assert.deepEqual(clone.calls(), ['ci', 'run']);
  });

  it('installs again when the lockfile changed, and builds again, because what is built in may have changed', async () => {
    using clone = makeClone();
    await clone.start();
    clone.write('package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '2' } } }));
    await clone.start();
    assert.deepEqual(clone.calls(), ['ci', 'run', 'ci', 'run']);
  });

  it('takes the word of an npm that somebody ran by hand', async () => {
    using clone = makeClone();
    clone.write('node_modules/.package-lock.json', readFileSync(join(clone.folder, 'package-lock.json'), 'utf8'));
    clone.write('node_modules/a/package.json', '{}');
    await clone.start();
    assert.deepEqual(clone.calls(), ['run']);
  });

  it('does not take it when what npm recorded is not the lockfile, or not there', async () => {
    using clone = makeClone();
    clone.write('node_modules/.package-lock.json', readFileSync(join(clone.folder, 'package-lock.json'), 'utf8'));
    await clone.start();
    assert.deepEqual(clone.calls(), ['ci', 'run']);
  });

  it('builds again when a source changed or the build is gone', async () => {
    using clone = makeClone();
    await clone.start();
    clone.write('apps/dashboard/src/main.tsx', 'changed');
    await clone.start();
    rmSync(join(clone.folder, 'apps/dashboard/dist'), { recursive: true });
    await clone.start();
    assert.deepEqual(clone.calls(), ['ci', 'run', 'run', 'run']);
  });

  it('says that npm failed, starts nothing, and tries again the next time', async () => {
    using clone = makeClone();
    clone.write('npm-must-fail', '');
    const failed = await clone.start();
    assert.deepEqual([failed.code, failed.stdout], [1, '']);
    assert.match(failed.stderr, /npm ci did not finish \(exit code 9\)/);
    rmSync(join(clone.folder, 'npm-must-fail'));
    assert.equal((await clone.start()).code, 7);
    assert.deepEqual(clone.calls(), ['ci', 'ci', 'run']);
  });

  it('notices an install that was interrupted', async () => {
    using clone = makeClone();
    const interrupted = clone.spawn([], { INSTALL_MS: '60000' });
    await clone.until(() => clone.calls().length === 1);
    interrupted.kill('SIGTERM');
    const { code, stderr } = await ended(interrupted);
    assert.equal(code, 143);
    assert.match(stderr, /npm ci did not finish: interrupted/);
    assert.equal((await clone.start()).code, 7);
    assert.deepEqual(clone.calls(), ['ci', 'ci', 'run']);
  });

  it('notices an install that was killed together with everything around it', async () => {
    using clone = makeClone();
    const killed = clone.spawn([], { INSTALL_MS: '60000' });
    await clone.until(() => clone.calls().length === 1);
    process.kill(-(killed.pid ?? 0), 'SIGKILL');
    await ended(killed);
    assert.equal((await clone.start()).code, 7);
    assert.deepEqual(clone.calls(), ['ci', 'ci', 'run']);
  });

  it('waits for an npm that outlived the start which called it', async () => {
    using clone = makeClone();
    const killed = clone.spawn([], { INSTALL_MS: '1500' });
    await clone.until(() => clone.calls().length === 1);
    killed.kill('SIGKILL');
    const { code, stderr } = await clone.start();
    assert.equal(code, 7);
    assert.match(stderr, /Waiting for another start in this folder to finish: install, process \d+\./);
    assert.deepEqual(clone.calls(), ['ci', 'run']);
  });

  it('installs once when several start at the same time', async () => {
    using clone = makeClone();
    const runs = await Promise.all([1, 2, 3, 4].map((n) => clone.start([`${n}`], { INSTALL_MS: '500' })));
    assert.deepEqual(
      runs.map(({ code, stdout }) => [code, stdout]),
      [1, 2, 3, 4].map((n) => [7, `["dev","${n}"]\n`]),
    );
    assert.deepEqual(clone.calls(), ['ci', 'run']);
  });

  it('hands signals over and ends the way the program ends', async () => {
    using clone = makeClone();
    const running = clone.spawn(['--stay']);
    await clone.until(() => running.output().stdout !== '');
    running.kill('SIGTERM');
    assert.equal((await ended(running)).code, 21);
  });

  it('ends when the npm that called it is gone', async () => {
    using clone = makeClone();
    await clone.start();
    // A shell that npm would be: it starts us, tells our id, and dies without a word.
    const shell = spawn(
      '/bin/sh',
      ['-c', '"$0" scripts/start.mjs --stay > out & echo $!; read forever', process.execPath],
      {
        cwd: clone.folder,
        env: { ...clone.environment, npm_lifecycle_event: 'start' },
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    const pid = Number(await new Promise((done) => shell.stdout.once('data', done)));
    await clone.until(
      () => existsSync(join(clone.folder, 'out')) && readFileSync(join(clone.folder, 'out')).length > 0,
    );
    shell.kill('SIGKILL');
    await clone.until(() => !runs(pid));
  });
});

/** A folder with the scripts under test, a lockfile and a dashboard to build. */
function makeClone() {
  const folder = mkdtempSync(join(tmpdir(), 'authkit-clone-'));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('package.json', JSON.stringify({ type: 'module' }));
  write('package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1' } } }));
  write('apps/dashboard/src/main.tsx', 'source');
  write('packages/client/src/index.ts', 'source');
  write('packages/cli/bin/authkit.mjs', programStandIn);
  write('npm/npm-cli.js', npmStandIn);
  write('npm/package.json', '{}');
  mkdirSync(join(folder, 'scripts'));
  for (const script of ['start.mjs', 'bootstrap.mjs', 'bootstrap']) {
    cpSync(join(import.meta.dirname, script), join(folder, 'scripts', script), { recursive: true });
  }

  const { npm_lifecycle_event: _, ...outer } = process.env;
  const environment = {
    ...outer,
    npm_execpath: join(folder, 'npm', 'npm-cli.js'),
    npm_node_execpath: process.execPath,
  };
  const start = (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
      cwd: folder,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that a test can end it with everything it started.
      detached: true,
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    return Object.assign(child, { output: () => output });
  };
  return {
    folder,
    environment,
    write,
    spawn: start,
    start: async (args?: readonly string[], env?: NodeJS.ProcessEnv) => ended(start(args, env)),
    touch: (path: string) => utimesSync(join(folder, path), new Date(), new Date(Date.now() - 60_000)),
    calls: () => {
      const log = join(folder, 'calls.log');
      return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    },
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise((done) => setTimeout(done, 20));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function ended(child: ChildProcess & { output(): { stdout: string; stderr: string } }): Promise<Run> {
  return new Promise((done) => child.once('close', (code) => done({ code, ...child.output() })));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Nobody may be there to collect it; it holds nothing any more.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}
