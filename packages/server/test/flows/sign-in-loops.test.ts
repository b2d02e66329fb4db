import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../harness.ts';
import { signedInBrowser } from './steps.ts';

onEachEngine('an app that sends the browser back at once', (start) => {
  it('is told from a person: the bare page explains itself at the sixth round, and begins to count anew', async () => {
    await using server = await start();
    const browser = server.browser();
    for (let round = 1; round <= 5; round++) {
      const answer = await browser.open('/sign-in');
      assert.equal(answer.location?.href, 'http://localhost:3000/login', `round ${round}`);
    }
    const explained = await browser.open('/sign-in');
    assert.equal(explained.status, 400);
    assert.match(explained.text, /You keep coming back here/);
    assert.match(explained.text, /authorization URL with the SDK/, 'those who build the app learn nothing');
    assert.match(explained.text, /href="\/sign-in"/, 'there is no way on');
    assert.ok((await browser.open('/sign-in')).location, 'the way on leads nowhere');
  });

  it('gets no sixth code in ten seconds, and whoever comes later or elsewhere is not held back', async () => {
    await using server = await start();
    const { browser } = await signedInBrowser(server);
    const other = browser.clone();
    for (let round = 1; round <= 5; round++)
      assert.ok((await browser.open(server.authorizeUrl())).location?.searchParams.has('code'), `round ${round}`);
    const explained = await browser.open(server.authorizeUrl({ state: 's' }));
    assert.equal(explained.status, 400);
    assert.match(explained.text, /callback/);
    assert.ok((await other.open(server.authorizeUrl())).location, 'another browser is held back');

    for (let round = 1; round <= 5; round++) await browser.open(server.authorizeUrl());
    server.clock.advance(11);
    assert.ok((await browser.open(server.authorizeUrl())).location, 'after a while it still counts');
  });

  it('cannot be made of a cookie that says nonsense', async () => {
    await using server = await start();
    const browser = server.browser();
    await browser.open('/sign-in');
    const name = [...browser.cookies.keys()].find((each) => each.startsWith('authkit-rounds-')) ?? assert.fail();
    for (const value of ['', 'x', '999.', '-1.5', `7.${'9'.repeat(20)}`, '<script>']) {
      browser.cookies.set(name, encodeURIComponent(value));
      assert.ok((await browser.open('/sign-in')).location, value);
    }
  });
});
