/** The walks of every example, and what only this one shows: other work beside auth in one middleware. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { ask } from '../suite/pages.ts';
import { newcomer } from '../suite/people.ts';

const example: Example = {
  name: 'next-composable',
  sdk: {
    package: '@workos-inc/authkit-nextjs',
    previous: '3.0.1',
    previousWithout: { outage: 'Before 4.0 this SDK forgets the session whenever a renewal fails, also in an outage.' },
    previousSays: 'without `onSessionRefreshError`, which it does not know',
    previousSetting: { adapted: (name, text) => [name, text.replace(/,\n {4}onSessionRefreshError.*?\n {4}\}/s, '')] },
  },
  environment: ({ WORKOS_REDIRECT_URI, ...others }) => ({
    ...others,
    NEXT_PUBLIC_WORKOS_REDIRECT_URI: WORKOS_REDIRECT_URI,
  }),
  sampled: '`examples/next` takes every walk on the same SDK',
  forgedAnswer: 500,
  without: { 'csrf-token': 'Next.js compares the origins of server actions; there is no token.' },
};

/** What the app allows from one address in a minute. */
const LIMIT = 300;

describeExample(example, (stage) => {
  lateSignOut(stage);

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(stage().app.url + path, { redirect: 'manual', headers });

  for (const [asked, localized] of [
    ['de-AT,en;q=0.5', '/de/help'],
    ['fr, en', '/en/help'],
    ['', '/en/help'],
  ] as const) {
    it(`sends people who read "${asked}" to ${localized}, signed in or not`, async () => {
      const response = await get('/help?from=mail', { 'accept-language': asked });
      const page = await get(localized);
      assert.deepEqual([response.status, response.headers.get('location')], [307, `${localized}?from=mail`]);
      assert.equal(page.status, 200);
      assert.match(await page.text(), localized.startsWith('/de') ? /<h1>Hilfe</ : /<h1>Help</);
    });
  }

  it('renews the session on the way to a redirect of its own', async () => {
    const { visitor } = await stage().longAgo(() => newcomer(stage()));
    await using _ = visitor;
    const expired = await visitor.session();
    const response = await ask(stage(), visitor, '/help');
    assert.equal(response.headers().location, '/en/help');
    assert.notEqual(await visitor.session(), expired);
    assert.equal((await ask(stage(), visitor, '/api/me')).status(), 200);
  });

  it('redirects nobody to sign in but from the paths that it protects itself', async () => {
    const answers = await Promise.all(
      ['/', '/en/help', '/somewhere', '/accounting', '/account', '/account/a/b'].map(async (path) => {
        const { status, headers } = await get(path, { accept: 'text/html' });
        return [path, status, new URL(headers.get('location') ?? stage().app.url).pathname];
      }),
    );
    assert.deepEqual(answers, [
      ['/', 200, '/'],
      ['/en/help', 200, '/'],
      ['/somewhere', 404, '/'],
      ['/accounting', 404, '/'],
      ['/account', 307, '/user_management/authorize'],
      ['/account/a/b', 307, '/user_management/authorize'],
    ]);
  });

  it('marks every answer, and tells browsers nothing of what it tells its pages', async () => {
    for (const path of ['/', '/help', '/account', '/api/me']) {
      const { headers } = await get(path);
      assert.match(headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/, path);
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('x-workos') || name === 'x-url'),
        [],
      );
    }
  });

  it('refuses the API to an address that asks too often, and pages to nobody', async () => {
    const from = { 'x-forwarded-for': '203.0.113.7' };
    // A minute may end on the way, so as many as two of them cannot hold.
    const answers = await Promise.all(Array.from({ length: 2 * LIMIT + 1 }, () => get('/api/me', from)));
    const refused = answers.find(({ status }) => status === 429) ?? assert.fail('all were answered');
    assert.equal(refused.headers.get('retry-after'), '10');
    assert.ok(answers.filter(({ status }) => status === 401).length >= LIMIT);
    assert.equal((await get('/', from)).status, 200);
    assert.equal((await get('/api/me', { 'x-forwarded-for': '203.0.113.8' })).status, 401);
  });
});
