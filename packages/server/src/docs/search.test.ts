import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Book, openBook } from './book.ts';
import { search } from './search.ts';

const folder = fileURLToPath(new URL('../../../../docs/', import.meta.url));

/** What people type, and the page that answers it: among the first three. */
const queries: Readonly<Record<string, string>> = {
  'invalid redirect uri': 'redirect-uris errors',
  'redirect url not registered': 'redirect-uris',
  wildcard: 'redirect-uris',
  'preview deployments': 'redirect-uris',
  'vercel url': 'redirect-uris',
  'callback url': 'redirect-uris',
  'localhost in production': 'redirect-uris',
  'cookie too large': 'concepts/sessions-and-cookies',
  '4096 bytes': 'concepts/sessions-and-cookies',
  'cookie password': 'concepts/sessions-and-cookies',
  'refresh token used twice': 'concepts/sessions-and-cookies',
  'session lifetime': 'concepts/sessions-and-cookies',
  'logout 404': 'concepts/sign-out',
  'log out': 'concepts/sign-out',
  'logout redirect': 'concepts/sign-out',
  'sign out csrf': 'concepts/sign-out',
  'signed in again after logout': 'concepts/sign-out',
  'initiate login url': 'concepts/sign-in-endpoint',
  'login endpoint': 'concepts/sign-in-endpoint',
  bookmark: 'concepts/sign-in-endpoint',
  screen_hint: 'concepts/sign-in-endpoint',
  'redirect loop': 'concepts/sign-in-endpoint errors',
  cors: 'concepts/cors',
  'blocked by CORS policy': 'concepts/cors',
  'allowed origins': 'concepts/cors',
  'api key': 'concepts/environments-and-keys',
  'client id': 'concepts/environments-and-keys',
  'staging and production': 'concepts/environments-and-keys redirect-uris',
  'jwt claims': 'concepts/tokens-and-claims',
  'verify access token': 'concepts/tokens-and-claims',
  jwks: 'concepts/tokens-and-claims',
  'custom claims template': 'concepts/tokens-and-claims',
  'magic link': 'sign-in-methods own-pages',
  '2fa': 'sign-in-methods own-pages',
  'google login': 'sign-in-methods testing',
  passkeys: 'sign-in-methods testing',
  'switch organization': 'organizations',
  'invite a member': 'organizations',
  'verify domain': 'organizations custom-domains',
  'custom css': 'branding',
  'logo and colours': 'branding',
  'impersonate user': 'impersonation',
  'headless own forms': 'own-pages',
  react: 'single-page-apps guides/react-router',
  remix: 'guides/remix',
  sveltekit: 'guides/sveltekit',
  tanstack: 'guides/tanstack-start',
  spa: 'single-page-apps',
  'cli login': 'devices-and-command-lines',
  'mailbox api': 'testing',
  'time travel clock': 'testing',
  'seed users': 'testing',
  'how fast': 'performance',
};

describe('the search', () => {
  let book: Book;
  before(async () => {
    book = await openBook(folder);
  });

  const paths = (query: string): readonly string[] => search(book, query).map(({ page }) => page.path);

  for (const [query, wanted] of Object.entries(queries)) {
    it(`finds for "${query}" what answers it among the first three`, () => {
      const found = paths(query).slice(0, 3);
      assert.ok(
        wanted.split(' ').some((path) => found.includes(path)),
        `found ${search(book, query)
          .slice(0, 5)
          .map(({ page, heading }) => `${page.path}#${heading?.id}`)}`,
      );
    });
  }

  it('leads from every error code to its entry', () => {
    const source = readFileSync(`${folder}errors.md`, 'utf8');
    const codes = [...source.matchAll(/^### `(\w+)`$/gm)].map(([, code = '']) => code);
    assert.ok(codes.length > 120);
    for (const code of codes) {
      const [first] = search(book, code);
      assert.deepEqual([first?.page.path, first?.heading?.text], ['errors', code]);
    }
  });

  it('finds nothing for nothing, and for words that are nowhere', () => {
    for (const query of ['', '   ', 'the of and', 'xyzzyplugh', '_', '\u0000', '*'])
      assert.deepEqual(search(book, query), []);
  });

  it('marks what it found, and shows the text as it is written', () => {
    const [first] = search(book, 'byte for byte');
    assert.equal(first?.heading?.text, 'Exact means byte for byte');
    const [hit] = search(book, 'letter for letter sqlite postgres');
    const text = hit?.excerpt.map((part) => part.text).join('') ?? '';
    assert.ok(text.length > 40 && text.length < 260);
    assert.ok(hit?.excerpt.some(({ isFound }) => isFound));
  });
});
