import { type Html, html, type Printable } from '../core/index.ts';

type Kind = 'comment' | 'string' | 'keyword' | 'number';

const script =
  'as|async|await|break|case|catch|class|const|continue|default|delete|else|export|extends|false|finally|for|from|function|if|import|in|instanceof|interface|let|new|null|of|return|satisfies|static|switch|this|throw|true|try|type|typeof|undefined|var|void|while|yield';

/** Groups: comment, string, keyword, number. Enough to find one's way; a wrong guess costs a colour. */
const grammarOf = (comment: string, string: string, keywords: string): RegExp =>
  new RegExp(`(${comment})|(${string})|\\b(${keywords})\\b|\\b(\\d[\\d_.]*)\\b`, 'gm');

const quoted = `"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'`;
const scriptGrammar = grammarOf(
  '(?<!:)\\/\\/.*$|\\/\\*[\\s\\S]*?\\*\\/|<!--[\\s\\S]*?-->',
  `${quoted}|\`(?:\\\\.|[^\`\\\\])*\``,
  script,
);
const shellGrammar = grammarOf('(?:^|(?<=\\s))#.*$', quoted, '(?!)');

const grammars: Readonly<Record<string, RegExp>> = {
  js: scriptGrammar,
  jsx: scriptGrammar,
  ts: scriptGrammar,
  tsx: scriptGrammar,
  svelte: scriptGrammar,
  html: scriptGrammar,
  json: scriptGrammar,
  css: scriptGrammar,
  sh: shellGrammar,
  dotenv: shellGrammar,
  yaml: shellGrammar,
};

const kinds: readonly Kind[] = ['comment', 'string', 'keyword', 'number'];

/** Code with its comments, strings, words and numbers told apart. Other languages stay as they are. */
export function highlighted(code: string, language: string): Printable {
  const grammar = grammars[language];
  if (!grammar) return code;
  const parts: Printable[] = [];
  let copied = 0;
  for (const match of code.matchAll(grammar)) {
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
    if (kind) parts.push(code.slice(copied, match.index), coloured(kind, match[0]));
    else parts.push(code.slice(copied, match.index), match[0]);
    copied = match.index + match[0].length;
  }
  return [...parts, code.slice(copied)];
}

const coloured = (kind: Kind, text: string): Html => html`<span class="${kind}">${text}</span>`;
