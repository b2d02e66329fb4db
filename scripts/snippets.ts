/**
 * The code in our pages is taken from files that are run. A page says which, above a fenced block that `npm run gen` fills:
 *
 *     <!-- code examples/next/src/proxy.ts -->             the whole file
 *     <!-- code examples/vanilla-express/auth.js#callback --> what stands between `docs: callback` and `docs: end` in it
 *
 * In the file, both marks are comments on lines of their own, in whatever way its language writes comments. A name may
 * come several times: its parts are shown one after the other. Marks are never shown.
 */
import { extname } from 'node:path';

/** With the block below it, if there is one yet. */
const MARKED = /^<!-- code (\S+) -->$(?:\n\n?```\w*\n[\s\S]*?^```$)?/gm;
const MARK = /^\s*(?:\/\/|\/\*|\{\/\*|#|--|<!--)\s*docs:\s+([\w-]+)\s*(?:\*\/\}|\*\/|-->)?\s*$/;
const END = 'end';

const languages: Readonly<Record<string, string>> = {
  '.mjs': 'js',
  '.cjs': 'js',
  '.mts': 'ts',
  '.yml': 'yaml',
  // `.env.example`
  '.example': 'dotenv',
};

/**
 * A page with its blocks as the files are now.
 *
 * @param read - a file's text by its path from the root; null when there is none
 * @throws when a mark names nothing, saying which
 */
export function withSnippets(text: string, read: (path: string) => string | null): string {
  return text.replaceAll(MARKED, (_marked, name: string) => {
    const [path = '', region] = name.split('#');
    const source = read(path);
    if (source === null) throw new Error(`<!-- code ${name} -->: there is no file ${path}.`);
    const code = region === undefined ? withoutMarks(source) : regionOf(source, region);
    if (code === null) throw new Error(`<!-- code ${name} -->: ${path} has no "docs: ${region}" with a "docs: end".`);
    if (/^```/m.test(code)) throw new Error(`<!-- code ${name} -->: a line of it would end the block.`);
    return `<!-- code ${name} -->\n\n\`\`\`${languageOf(path)}\n${code}\n\`\`\``;
  });
}

/** The files that a page takes its code from. */
export const sourcesOf = (text: string): readonly string[] =>
  [...text.matchAll(MARKED)].map(([, name = '']) => name.split('#')[0] ?? '');

const languageOf = (path: string): string => languages[extname(path)] ?? extname(path).slice(1);

const withoutMarks = (source: string): string =>
  source
    .split('\n')
    .filter((line) => !MARK.test(line))
    .join('\n')
    .trimEnd();

/** Regions may lie in one another; `docs: end` ends the one that began last. Null when there is none of this name. */
function regionOf(source: string, wanted: string): string | null {
  const open: string[] = [];
  const parts: string[][] = [];
  for (const line of source.split('\n')) {
    const name = MARK.exec(line)?.[1];
    if (name === END) open.pop();
    else if (name !== undefined) {
      open.push(name);
      if (name === wanted) parts.push([]);
    } else if (open.includes(wanted)) parts.at(-1)?.push(line);
  }
  if (parts.length === 0 || open.includes(wanted)) return null;
  return parts.map(dedented).join('\n\n');
}

function dedented(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const least = Math.min(...indents);
  return lines
    .map((line) => line.slice(least).trimEnd())
    .join('\n')
    .replaceAll(/^\n+|\n+$/g, '');
}
