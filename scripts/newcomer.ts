/**
 * Somebody who has just found this repository: an empty folder, a shell, and the Node this machine had before us. Typing
 * in it is how the tests know that our pages tell the truth.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { outerEnvironment } from '../packages/server/test/processes.ts';

export const root = resolve(import.meta.dirname, '..');

/** A checkout that belongs to somebody else, as in many build containers, is no reason for Git to refuse it here. */
const gitConfig = join(root, 'node_modules', '.cache', 'newcomer.gitconfig');
mkdirSync(dirname(gitConfig), { recursive: true });
writeFileSync(gitConfig, '[safe]\n  directory = *\n');

export interface Typed {
  /** Where, from the clone's root. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** What it had written to stdout when it was ready. */
  readonly stdout: string;
  /** Ctrl-C. */
  stop(): Promise<Ended>;
}

/** What a developer changed and has not committed, besides what is committed: the pages speak of both. */
export function filesHere(): readonly string[] {
  return git(['ls-files', '--cached', '--others', '--exclude-standard']).filter((file) => existsSync(join(root, file)));
}

function git(args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', env: environment() });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

export class Newcomer implements AsyncDisposable {
  /** The clone. */
  readonly folder: string;
  readonly #home: string;
  readonly #running = new Set<ChildProcess>();

  /** @param clone - the command that clones, as it stands in the README */
  constructor(clone: string) {
    this.#home = realpathSync(mkdtempSync(join(tmpdir(), 'authkit-newcomer-')));
    const line = `${clone.replace('<this repository>', `'${root}'`)} && pwd`;
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
      cwd: this.#home,
      encoding: 'utf8',
      env: environment(),
    });
    if (status !== 0) throw new Error(stderr);
    this.folder = stdout.trim();
    const changed = git(['diff', '--name-only', 'HEAD']);
    for (const file of changed) rmSync(join(this.folder, file), { force: true });
    for (const file of [...changed, ...git(['ls-files', '--others', '--exclude-standard'])]) {
      if (existsSync(join(root, file))) cpSync(join(root, file), join(this.folder, file));
    }
    // What `npm ci` would bring is here already; that it is called is bootstrap.test.ts's affair.
    for (const modules of globSync('{.,packages/*,apps/*}/node_modules', { cwd: root })) {
      adopt(join(root, modules), join(this.folder, modules));
    }
    // An app of its own, in which the reader calls npm: it must be free to replace what it finds.
    for (const modules of globSync('examples/*/node_modules', { cwd: root })) {
      cpSync(join(root, modules), join(this.folder, modules), { recursive: true, verbatimSymlinks: true });
    }
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Types a line and waits for its end. */
  async type(line: string, typed: Typed = {}): Promise<Ended> {
    const { ended } = this.#spawn(line, typed);
    return ended;
  }

  /** Types a line and waits until its stdout matches. @throws what it wrote to stderr, when it ends before */
  async start(line: string, ready: RegExp, typed: Typed = {}): Promise<Running> {
    const { child, output, ended } = this.#spawn(line, typed);
    await Promise.race([
      new Promise<void>((done) =>
        child.stdout?.on('data', () => {
          if (ready.test(output.stdout)) done();
        }),
      ),
      ended.then(({ code, stderr }) => {
        throw new Error(`\`${line}\` ended with code ${code}.\n${stderr}`);
      }),
    ]);
    return {
      stdout: output.stdout,
      stop() {
        endGroup(child, 'SIGINT');
        return ended;
      },
    };
  }

  #spawn(line: string, { folder = '.', env = {} }: Typed) {
    const child = spawn('/bin/sh', ['-c', line], {
      cwd: join(this.folder, folder),
      env: { ...environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // A group of its own, as a terminal gives each command.
    });
    this.#running.add(child);
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, ...output })));
    return { child, output, ended: ended.finally(() => this.#running.delete(child)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.#running].map((child) => new Promise((done) => child.once('close', done)));
    for (const child of this.#running) endGroup(child, 'SIGKILL');
    await Promise.all(closed);
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** A shell as it is outside of npm: without our variables, and with the Node that was there before us. */
function environment(): NodeJS.ProcessEnv {
  const { PATH = '', ...outer } = outerEnvironment();
  const path = PATH.split(delimiter).filter((folder) => !folder.split(sep).includes('node_modules'));
  return { ...outer, GIT_CONFIG_GLOBAL: gitConfig, PATH: path.join(delimiter), AUTHKIT_TEST_INSTALL: '0' };
}

/** Links each package, so that nothing is copied and yet our own packages are the clone's. */
function adopt(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (['.cache', '.vite', '.vite-temp'].includes(entry.name)) continue;
    if (entry.name.startsWith('@') && entry.isDirectory()) adopt(source, target);
    else if (entry.name === '.bin' || !entry.isDirectory())
      cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(source, target);
  }
}

function endGroup(child: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
}
