import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { asOperator, becomeOwner, otherEnvironment } from '../../test/flows/steps.ts';
import { onEachEngine, startServer, type TestServer } from '../../test/harness.ts';
import type { Page } from './book.ts';
import { openBook } from './book.ts';

const maxPageBytes = 100_000;
const hrefs = (text: string): readonly string[] => [...text.matchAll(/\shref="([^"]*)"/g)].map(([, href = '']) => href);
const ids = (text: string): readonly string[] => [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id);

describe('/docs', () => {
  let server: TestServer;
  let pages: readonly Page[];

  before(async () => {
    server = await startServer();
    pages = [...(await openBook(server.running.services.config.docsDir ?? '')).pages.values()];
  });
  after(() => server[Symbol.asyncDispose]());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url + path, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...headers },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const pathOf = ({ path }: Page): string => `/docs${path && `/${path}`}`;

  it('shows every document, small enough, fetching nothing from anywhere', async () => {
    assert.ok(pages.length > 40);
    for (const page of pages) {
      const { status, headers, text } = await get(pathOf(page));
      assert.equal(status, 200, page.path);
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'/);
      assert.ok(Buffer.byteLength(text) <= maxPageBytes, `${page.path} has ${Buffer.byteLength(text)} bytes`);
      assert.equal(text.match(/<h1[ >]/g)?.length, 1, `${page.path} has one h1`);
      assert.doesNotMatch(text, /\s(?:src|style|on\w+)="/, page.path);
    }
  });

  it('links to pages and headings that are there, and nowhere unsafe', async () => {
    const shown = new Map<string, string>();
    for (const page of pages) shown.set(pathOf(page), (await get(pathOf(page))).text);
    for (const [path, text] of shown) {
      for (const href of hrefs(text)) {
        if (/^(https:\/\/|data:image\/svg\+xml,|\/dashboard(\/|$))/.test(href)) continue;
        if (href.endsWith('.md') || href === '/llms.txt') {
          assert.equal((await get(href)).status, 200, `${path}: ${href}`);
          continue;
        }
        const [target = '', fragment] = href.split('#');
        const there = shown.get(target === '' ? path : target);
        assert.ok(there !== undefined, `${path}: ${href} is no page`);
        if (fragment !== undefined) assert.ok(ids(there).includes(fragment), `${path}: ${href} is no heading`);
      }
      const all = ids(text);
      assert.deepEqual(
        all.filter((id, at) => all.indexOf(id) !== at),
        [],
        `${path} has an id twice`,
      );
    }
  });

  it('has each page as it is written, and all of them for a model', async () => {
    for (const page of pages) {
      const { status, headers, text } = await get(`/docs/${page.file}`);
      assert.deepEqual(
        [status, headers.get('content-type'), text],
        [200, 'text/markdown; charset=utf-8', page.source],
        page.file,
      );
    }
    const list = (await get('/llms.txt')).text;
    assert.match(list, /^# /);
    for (const [, url = ''] of list.matchAll(/\]\((\S+)\):/g)) {
      assert.equal((await get(url.slice(server.url.length))).status, 200, url);
    }
    const everything = (await get('/docs/llms-full.txt')).text;
    const errors = pages.find(({ path }) => path === 'errors')?.source.trim() ?? assert.fail();
    assert.ok(everything.includes(errors));
  });

  it('lists in the order of its front page, and leads from one to the next', async () => {
    const { chapters } = await openBook(server.running.services.config.docsDir ?? '');
    const order = chapters.flatMap((chapter) => chapter.pages.map(({ page }) => page));
    const unlisted = pages.filter(
      (page) => page.path !== '' && !order.includes(page) && !/^decisions\/\d/.test(page.path),
    );
    assert.deepEqual(
      unlisted.map(({ file }) => file),
      [],
      'docs/README.md lists every page',
    );
    for (const [at, page] of order.entries()) {
      const { text } = await get(pathOf(page));
      assert.match(text, new RegExp(`<a href="${pathOf(page)}" aria-current="page">`));
      const next = order[at + 1];
      if (next) assert.ok(text.includes(`<a class="next" rel="next" href="${pathOf(next)}">`), page.path);
    }
  });

  it('knows a page by one address, and proposes others where there is none', async () => {
    const slash = await get('/docs/errors/');
    assert.deepEqual([slash.status, slash.headers.get('location')], [302, '/docs/errors']);
    const missing = await get('/docs/concepts/redirect-uris-and-wildcards');
    assert.equal(missing.status, 404);
    assert.ok(missing.text.includes('href="/docs/redirect-uris'));
    for (const path of [
      '/docs/..%2f..%2fpackage.json',
      '/docs/..%2fREADME.md',
      '/docs/%00.md',
      '/docs/images/authkit.png',
    ])
      assert.equal((await get(path)).status, 404, path);
  });

  it('prints what was searched for, and never as markup', async () => {
    const { status, text } = await get(`/docs/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    assert.equal(status, 200);
    assert.ok(!text.includes('<script>alert'));
    assert.ok(text.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.equal((await get(`/docs/search?q=${'a'.repeat(201)}`)).status, 422);
    assert.equal((await get('/docs/search')).status, 200);
  });

  it('is not there where the documents were left out', async () => {
    await using without = await startServer('sqlite', { docsDir: null });
    for (const path of ['/docs', '/docs/errors', '/docs/search?q=a', '/llms.txt'])
      assert.equal((await fetch(without.url + path)).status, 404, path);
  });

  it('names this server in environment files', async () => {
    const { hostname, port } = new URL(server.url);
    const text = (await get('/docs/concepts/environments-and-keys')).text.replaceAll(/<[^>]+>/g, '');
    for (const line of [
      `WORKOS_API_HOSTNAME=&#39;${hostname}&#39;`,
      `WORKOS_API_PORT=&#39;${port}&#39;`,
      'WORKOS_API_HTTPS=false',
    ])
      assert.ok(text.includes(line), line);
  });
});

const personal = '/docs/concepts/environments-and-keys';

onEachEngine('the code in /docs', (start) => {
  const lastFourOf = (key: string): string => key.slice(-4);

  it('carries the client id and the masked key for an operator, and for nobody else', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const page = async (cookie: string | null) => {
      const response = await fetch(server.url + personal, {
        headers: { accept: 'text/html', ...(cookie && { cookie }) },
      });
      const raw = await response.text();
      return { headers: response.headers, raw, text: raw.replaceAll(/<[^>]+>/g, '') };
    };
    const cookies = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const masked = `sk_test_…${lastFourOf(server.apiKey)}`;

    const mine = await page(cookies);
    assert.ok(mine.text.includes(`WORKOS_CLIENT_ID=&#39;${server.clientId}&#39;`));
    assert.ok(mine.text.includes(`WORKOS_API_KEY=&#39;${masked}&#39;`));
    assert.ok(mine.text.includes('The code on this page carries the client id of your environment Staging'));
    assert.ok(!mine.raw.includes(server.apiKey), 'the whole key is on no page');

    // The dashboard of this browser is about another one.
    const preview = await otherEnvironment(server, { name: 'Preview' });
    const live = await otherEnvironment(server, { name: 'Live', kind: 'production', redirectUris: [] });
    const withChoice = (id: string) => page(`${cookies}; authkit-environment=${id}`);
    const chosen = await withChoice(preview.environmentId);
    assert.ok(chosen.text.includes(`WORKOS_CLIENT_ID=&#39;${preview.clientId}&#39;`));
    assert.ok(chosen.text.includes(`WORKOS_API_KEY=&#39;sk_test_…${lastFourOf(preview.apiKey)}&#39;`));
    assert.ok(chosen.text.includes('the client id of your environment Preview'));
    assert.ok(!chosen.raw.includes(server.clientId));
    for (const id of [live.environmentId, 'environment_unknown', ''])
      assert.ok((await withChoice(id)).text.includes(`WORKOS_CLIENT_ID=&#39;${server.clientId}&#39;`), id);

    // The attack: every other browser, and what an operator's browser sends when it is not signed in any more.
    const person = server.browser();
    await server.signUp('grace@example.com', { browser: person });
    const theirs = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const forged = cookies.replace(/authkit-operator=[^;]+/, 'authkit-operator=guessed');
    const out = await asOperator(server, owner, 'POST', '/dashboard/api/sign_out');
    assert.equal(out.status, 200);
    const choosing = `authkit-environment=${preview.environmentId}`;
    for (const cookie of [null, theirs, forged, cookies, choosing, `${theirs}; ${choosing}`]) {
      const other = await page(cookie);
      assert.ok(other.text.includes('WORKOS_CLIENT_ID=&#39;client_…&#39;'));
      assert.ok(other.text.includes('WORKOS_API_KEY=&#39;sk_test_…&#39;'));
      for (const secret of [server.clientId, preview.clientId, server.apiKey, masked, 'class="mine"'])
        assert.ok(!other.raw.includes(secret), `${cookie} is shown ${secret}`);
    }
    for (const { headers } of [mine, await page(null)]) {
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.match(headers.get('vary') ?? '', /\bCookie\b/i);
    }
    const markdown = await fetch(`${server.url}${personal}.md`, { headers: { cookie: cookies } });
    assert.ok(!(await markdown.text()).includes(server.clientId), 'what may be kept is never personal');
  });
});
