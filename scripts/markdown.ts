/** Reads our own Markdown pages: what they link to, what they name, and what they tell people to type. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slugOf } from '../packages/server/src/docs/links.ts';
import { filesHere, root } from './newcomer.ts';

export interface Page {
  /** From the root. */
  readonly path: string;
  readonly text: string;
}

export interface Fence {
  /** As written after the backticks; empty when nothing is. */
  readonly language: string;
  readonly lines: readonly string[];
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
/** Languages whose every line is typed. In a block without one, only what looks like a command is. */
const SHELLS = ['sh', 'bash', 'console'];
const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:npm|npx|node|node_modules\/\S+|git|curl|openssl|cp|authkit) +\S/;

export function pagesHere(): readonly Page[] {
  const paths = filesHere().filter((file) => file.endsWith('.md'));
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export function fencesOf({ text }: Page): readonly Fence[] {
  return [...text.matchAll(FENCE)].map(([, language = '', body = '']) => ({
    language,
    lines: body.replace(/\n$/, '').split('\n'),
  }));
}

/** Inline code, with the line breaks of a filled paragraph taken back. */
export function inlineCodeOf({ text }: Page): readonly string[] {
  const spans = text.replace(FENCE, '').matchAll(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g);
  return [...spans].map(([, , code = '']) => code.replaceAll(/\s+/g, ' ').trim());
}

/** Addresses of links and images. */
export function linksOf({ text }: Page): readonly string[] {
  const prose = text.replace(FENCE, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, address = '']) => address);
}

/** The fragments that its headings answer to, as GitHub makes them. */
export function anchorsOf({ text }: Page): readonly string[] {
  const headings = text.replace(FENCE, '').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, title = '']) => slugOf(title));
}

/** Every command of a page, in its order: one for each line of a shell block, and inline code that is one. */
export function commandsOf(page: Page): readonly string[] {
  const typed = fencesOf(page).flatMap(({ language, lines }) => {
    if (language !== '' && !SHELLS.includes(language)) return [];
    const whole = lines
      .join('\n')
      .replaceAll(/\\\n\s*/g, '')
      .split('\n');
    const commands = whole.map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/(^|\s+)#\s.*$/, '')
        .trim(),
    );
    return commands.filter((line) => (language === '' ? COMMAND.test(line) : line !== ''));
  });
  // `npm run` alone names the habit and not a command.
  const mentioned = inlineCodeOf(page).filter((code) => COMMAND.test(code) && code !== 'npm run');
  return [...typed, ...mentioned];
}

/** Of those, what a guide has its reader install, by name. */
export const installLinesOf = (page: Page): readonly string[] =>
  commandsOf(page).filter((line) => /^npm install (--save-dev )?[@a-z]/.test(line));
