/** What is odd about how the server is started, but no reason not to start it: one line each, that says what to do. */

/** Every variable that is read. */
const read = ['DATABASE_URL', 'LOG_LEVEL', 'OUTBOUND_NETWORKS'];

/** Of our own tests and examples. */
const ofTests = /^AUTHKIT_(TEST|EXAMPLES)_/;

/** @param publicUrl - an origin, where one was given */
export function warningsAt(env: NodeJS.ProcessEnv, publicUrl: string | undefined): readonly string[] {
  const names = Object.keys(env).sort();
  return [
    ...names.filter((name) => name.startsWith('AUTHKIT_') && !ofTests.test(name)).map(unread),
    ...read.filter((name) => env[name] === undefined).flatMap((name) => misspelled(name, names)),
    ...(publicUrl !== undefined && isInTheOpen(publicUrl) ? [inTheOpen(publicUrl)] : []),
  ];
}

const unread = (name: string): string =>
  `${name} is set, but nothing reads it. Variables that are read: ${read.join(', ')}; for the rest there are options, see --help.`;

const misspelled = (name: string, names: readonly string[]): readonly string[] =>
  names
    .filter((other) => !read.includes(other) && distance(other, name) <= 2)
    .map((other) => `${other} is set, but ${name} is what is read. Rename it if that is what you meant.`);

const isInTheOpen = (url: string): boolean => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
};

const inTheOpen = (url: string): string =>
  `Over ${url} passwords and sessions travel unencrypted, and browsers offer no passkeys. Put TLS in front, and give its https:// address to --public-url.`;

/** Letters to put in, take out or change (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(changed, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
