/** The marks that bring code into pages, the pages as they are committed, and the shape every framework's guide has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fencesOf, pagesHere } from './markdown.ts';
import { filesHere, root } from './newcomer.ts';
import { sourcesOf, withSnippets } from './snippets.ts';

const from = (source: string) => (path: string) => (path === 'app/auth.js' ? source : null);
const shown = (mark: string, source: string): string => withSnippets(`<!-- code ${mark} -->`, from(source));
const block = (mark: string, language: string, code: string): string =>
  `<!-- code ${mark} -->\n\n\`\`\`${language}\n${code}\n\`\`\``;

describe('the code of a page', () => {
  const source = [
    "import a from 'a';",
    '// docs: callback',
    'export function callback() {',
    '  // docs: inner',
    '  return 1;',
    '',
    '  /* docs: end */',
    '}',
    '// docs: end',
    '  {/* docs: callback */}',
    '  later();',
    '  <!-- docs: end -->',
    '',
  ].join('\n');

  it('is the file without its marks', () => {
    const whole = "import a from 'a';\nexport function callback() {\n  return 1;\n\n}\n  later();";
    assert.equal(shown('app/auth.js', source), block('app/auth.js', 'js', whole));
  });

  it('is what stands between two marks, moved to the left, all parts of one name', () => {
    const callback = 'export function callback() {\n  return 1;\n\n}\n\nlater();';
    assert.equal(shown('app/auth.js#callback', source), block('app/auth.js#callback', 'js', callback));
    assert.equal(shown('app/auth.js#inner', source), block('app/auth.js#inner', 'js', 'return 1;'));
  });

  it('takes the place of what stood there, and of nothing below', () => {
    const page = (code: string) =>
      `Before.\n\n${block('app/auth.js#a', 'js', code)}\n\nAfter.\n\n\`\`\`sh\nls\n\`\`\`\n`;
    const read = from('// docs: a\nfresh();\n// docs: end\n');
    assert.equal(withSnippets(page('stale();'), read), page('fresh();'));
    assert.equal(withSnippets(page('fresh();'), read), page('fresh();'));
    assert.equal(
      withSnippets('<!-- code app/auth.js#a -->\n\nAfter.\n', read),
      `${block('app/auth.js#a', 'js', 'fresh();')}\n\nAfter.\n`,
    );
  });

  it('names what it cannot find', () => {
    assert.throws(() => shown('app/none.js', source), /there is no file app\/none\.js/);
    assert.throws(() => shown('app/auth.js#none', source), /has no "docs: none"/);
    assert.throws(() => shown('app/auth.js#open', '// docs: open\nx'), /has no "docs: open" with a "docs: end"/);
  });
});

const pages = pagesHere();
const guides = pages.filter(({ path }) => path.startsWith('docs/guides/'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the pages that show code', () => {
  const files = new Set(filesHere());

  for (const { path, text } of pages.filter((page) => sourcesOf(page.text).length > 0)) {
    it(`${path} shows it as it is now`, () => {
      const fresh = withSnippets(text, (file) => (files.has(file) ? read(file) : null));
      assert.equal(text, fresh, `${path} is out of date: npm run gen`);
    });
  }
});

describe('the guides', () => {
  const headings = [
    'Install',
    'Configure',
    'Provider or middleware',
    'Callback',
    'Sign-in endpoint',
    'Protect a page',
    'Sign out',
    'It does not work',
  ];
  /** What nobody compiles: commands, settings, and what is printed or sent. */
  const plain = ['sh', 'dotenv', 'text', 'http'];

  for (const { path, text } of guides) {
    it(`${path} has the headings that all have, in their order`, () => {
      const found = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
      assert.deepEqual(found, headings);
    });

    it(`${path} takes its code from files`, () => {
      const typedHere = fencesOf({ path, text: text.replaceAll(/^<!-- code \S+ -->\n\n```[\s\S]*?^```$/gm, '') });
      const code = typedHere.filter(({ language }) => !plain.includes(language));
      assert.deepEqual(
        code.map(({ lines }) => lines[0]),
        [],
        `mark it with <!-- code FILE#REGION -->; only ${plain.join(', ')} are written by hand`,
      );
    });
  }
});
