/**
 * Keeps imports one-way, so that a room can be read without the rooms built on top of it. Prints what breaks the rules
 * below and ends with code 1; imports.test.ts runs the same and tests the rules themselves.
 *
 * In packages/server/src: a room imports `core`, its own files and the index.ts of rooms before it. `core` imports only
 * itself. Files beside the rooms (app.ts, index.ts, ...) wire rooms together and may use the index.ts of any.
 * Anywhere: no two files import each other, directly or through others; then neither can be read first.
 * Between packages: what WORKSPACES says, by name and never by a path, and from npm only what the package.json lists.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';

/** A room may use the rooms before it. A new one takes the place in the order that its imports ask for. */
export const ROOMS = [
  'core',
  'protocol',
  'texts',
  'events',
  'environments',
  'branding',
  'keys',
  'api-keys',
  'mail',
  'users',
  'lockout',
  'organizations',
  'sessions',
  'impersonation',
  'mfa',
  'passkeys',
  'social',
  'sso',
  'jwt-templates',
  'radar',
  'authentication',
  'attempts',
  'oauth',
  'sign-in',
  'account',
  'previews',
  'operators',
  'docs',
  'dev',
] as const;

/** Which of our packages each may import, by folder. */
const WORKSPACES: Readonly<Record<string, readonly string[]>> = {
  'packages/server': [],
  'packages/client': [],
  // Administrators' browsers know the API and nothing behind it.
  'apps/dashboard': ['@authkit/client'],
  // `authkit dev` starts the server in its own process, and for that alone it needs the server's public index.
  'packages/cli': ['@authkit/client', '@authkit/server'],
  'packages/testing': ['@authkit/client', '@authkit/server'],
};

const SERVER = 'packages/server/src/';

export interface Source {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What a package.json allows its code to import from npm. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Every import that breaks a rule, as a sentence that says where it is and what to do instead.
 *
 * @param manifests - by folder, as in WORKSPACES, and the root's as '.'
 */
export function violations(
  sources: readonly Source[],
  manifests: Readonly<Record<string, Manifest>>,
): readonly string[] {
  return [...sources.flatMap((source) => problemsOf(source, manifests)), ...circles(sources)];
}

function problemsOf(source: Source, manifests: Readonly<Record<string, Manifest>>): readonly string[] {
  const home = homeOf(source.path);
  if (!(home in WORKSPACES)) {
    return [
      `${source.path}: nothing is known of ${home}: say in WORKSPACES (scripts/imports.ts) which of our packages it may import.`,
    ];
  }
  const room = roomOf(source.path);
  if (room && !isRoom(room)) {
    return [
      `${source.path}: the room "${room}" has no place yet: put it into ROOMS (scripts/imports.ts), after every room it imports.`,
    ];
  }
  return importsIn(source.text).flatMap((specifier) => {
    const problem = specifier.startsWith('.')
      ? problemWithPath(source.path, specifier)
      : problemWithPackage(source.path, specifier, manifests);
    return problem ? [`${source.path}: imports ${specifier}: ${problem}`] : [];
  });
}

/** One sentence for each way round that imports make, from the first file of it that is met. */
function circles(sources: readonly Source[]): readonly string[] {
  const imports = new Map(sources.map(({ path, text }) => [path, importsIn(text).flatMap(pathsFrom(path))]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) {
      const [first = path, ...others] = way.slice(start);
      found.push(`${first}: imports itself through ${others.join(', ')}: move what they share into a file of its own.`);
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

const pathsFrom =
  (from: string) =>
  (specifier: string): readonly string[] =>
    specifier.startsWith('.') ? [normalize(join(dirname(from), specifier)).replaceAll('\\', '/')] : [];

/** What a file imports or re-exports, types included: a type that points the wrong way binds rooms just as well. */
export function importsIn(text: string): readonly string[] {
  const statements = text.matchAll(
    /^[ \t]*(?:import\s+(?:[\w*${},\s]+?\sfrom\s*)?|export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*|\}\s*from\s*)['"]([^'"\n]+)['"]/gm,
  );
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]/g);
  return [...new Set([...statements, ...calls].map((match) => match[1] ?? ''))];
}

function problemWithPath(from: string, specifier: string): string | null {
  const to = normalize(join(dirname(from), specifier)).replaceAll('\\', '/');
  const home = homeOf(from);
  if (!to.startsWith(`${home}/`)) return 'a path must not leave its package; import the package by its name.';
  if (!from.startsWith(SERVER)) return null;
  if (!to.startsWith(SERVER)) {
    return isTest(from) ? null : 'src must run without the folders beside it; only tests may reach for them.';
  }
  return problemBetweenRooms(from, to);
}

function problemBetweenRooms(from: string, to: string): string | null {
  const here = roomOf(from);
  const there = roomOf(to);
  if (here === there) return null;
  if (there === null)
    return isTest(from) ? null : `rooms know nothing of ${to.slice(SERVER.length)}, which wires them together.`;
  if (!isRoom(there)) return `the room "${there}" is not in ROOMS (scripts/imports.ts).`;
  if (to !== `${SERVER}${there}/index.ts`)
    return `a room is entered through its index.ts; export what you need from ${there}/index.ts.`;
  // Tests walk whole journeys, so they may look at later rooms as well.
  if (here === null || !isRoom(here) || isTest(from)) return null;
  if (ROOMS.indexOf(there) < ROOMS.indexOf(here)) return null;
  return here === 'core'
    ? 'core knows no room.'
    : `${there} comes after ${here}; let ${here} record an event that ${there} listens to, or move what both need to an earlier room.`;
}

function problemWithPackage(
  from: string,
  specifier: string,
  manifests: Readonly<Record<string, Manifest>>,
): string | null {
  if (specifier.startsWith('node:')) return null;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (name.startsWith('@authkit/')) return problemBetweenPackages(from, specifier, name);
  const home = homeOf(from);
  // What a bundler builds needs nothing at run time, so the dashboard lists everything as a devDependency.
  const built = from.startsWith('apps/') || isTest(from);
  const { dependencies, peerDependencies, devDependencies } = manifests[home] ?? {};
  const listed = {
    ...dependencies,
    ...peerDependencies,
    ...(built && devDependencies),
    // Tools that the tests of every package share are listed once, at the root.
    ...(isTest(from) && manifests['.']?.devDependencies),
  };
  return name in listed
    ? null
    : `${home}/package.json does not list it under ${built ? 'devDependencies' : 'dependencies'}.`;
}

function problemBetweenPackages(from: string, specifier: string, name: string): string | null {
  const home = homeOf(from);
  const allowed = WORKSPACES[home] ?? [];
  if (!allowed.includes(name) && !isTest(from)) {
    return `${home} may import ${allowed.length > 0 ? allowed.join(' and ') : 'none of our other packages'}.`;
  }
  return specifier === name || isTest(from) ? null : `only the public index of ${name} is for others.`;
}

const homeOf = (path: string) => path.split('/', 2).join('/');
const isTest = (path: string) => /\.test\.tsx?$/.test(path);
const isRoom = (name: string): name is (typeof ROOMS)[number] => (ROOMS as readonly string[]).includes(name);

/** The room a path lies in; null outside packages/server/src and for the files beside the rooms. */
function roomOf(path: string): string | null {
  if (!path.startsWith(SERVER)) return null;
  const [room, rest] = path.slice(SERVER.length).split('/', 2);
  return room && rest !== undefined ? room : null;
}

/** All there is to check in a clone. */
export function readHouse(root: string): { sources: readonly Source[]; manifests: Record<string, Manifest> } {
  const paths = globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: root }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const homes = ['.', ...new Set(paths.map(homeOf))];
  return {
    sources: paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
    manifests: Object.fromEntries(
      homes.map((home) => [home, JSON.parse(readFileSync(join(root, home, 'package.json'), 'utf8'))]),
    ),
  };
}

if (import.meta.main) {
  const { sources, manifests } = readHouse(resolve(import.meta.dirname, '..'));
  const found = violations(sources, manifests);
  for (const line of found) process.stdout.write(`${line}\n`);
  process.stdout.write(`${sources.length} files read, ${found.length} imports against the rules.\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
