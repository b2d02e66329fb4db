/** The hosted pages and their mails speak the reader's language, and the menu changes it without leading anywhere else. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { goodPassword, onEachEngine, type TestServer } from '../harness.ts';

onEachEngine('the language of pages and mails', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const langOf = (html: string) => /<html lang="([^"]+)" dir="([^"]+)">/.exec(html)?.slice(1).join(' ');
  const choose = (locale: string, from: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/language`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: server.url, ...headers },
      body: new URLSearchParams({ locale, return_to: from }),
    });

  it('is what the app asks for, else what was chosen here, else the browser’s, else English', async () => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    assert.equal(langOf(browser.text), 'en ltr');
    const answer = await fetch(`${server.url}/nothing-here`, {
      headers: { accept: 'text/html', 'accept-language': 'sv, he;q=0.8, en;q=0.1' },
    });
    assert.ok(answer.status === 404);

    const { hidden } = browser.form('/language');
    await browser.post('/language', { ...hidden, locale: 'ar' });
    assert.equal(langOf(browser.text), 'ar rtl');
    assert.match(browser.path, /^\/sign-in\?attempt=attempt_/, 'the same page again');
    assert.match(browser.text, /<button[^>]* value="ar" lang="ar" dir="rtl" aria-current="true">/);

    await browser.open(server.authorizeUrl({ ui_locales: 'xx de-AT' }));
    assert.equal(langOf(browser.text), 'de ltr');
  });

  it('comes back to a step whose form was just refused, with what it knew', async () => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: 'lang@example.com' });
    await browser.submit({ password: 'not it at all' });
    const { hidden } = browser.form('/language');
    assert.match(hidden.return_to ?? '', /^\/sign-in\/password\?attempt=/);
    await browser.post('/language', { ...hidden, locale: 'fr' });
    assert.match(browser.text, /value="lang@example\.com" readonly/);
    assert.equal(langOf(browser.text), 'fr ltr');
  });

  it('is that of the mail as well', async () => {
    const { browser } = await server.signUp('english@example.com');
    assert.ok(browser);
    const [english] = await server.mails('english@example.com');
    assert.match(english?.html ?? '', /<html lang="en" dir="ltr">/);

    const arabic = server.browser();
    await arabic.open(server.authorizeUrl({ screen_hint: 'sign-up', ui_locales: 'ar' }));
    await arabic.submit({ email: 'arabic@example.com', password: goodPassword });
    const [mail] = await server.mails('arabic@example.com');
    assert.match(mail?.html ?? '', /<html lang="ar" dir="rtl">/);
    assert.match(mail?.subject ?? '', /\b\d{6}\b/);
    assert.match(mail?.text ?? '', /\n@\S+ #\d{6}\n$/);

    const { id } = await server.create.user({ email: 'hebrew@example.com', locale: 'he' });
    await server.api('POST', `/user_management/users/${id}/email_verification/send`);
    const [hebrew] = await server.mails('hebrew@example.com');
    assert.match(hebrew?.html ?? '', /<html lang="he" dir="rtl">/, 'asked for by the app’s server: the person’s own');
  });

  it('is chosen by our own form only, and leads to no other site', async () => {
    const ours = await choose('de', '/sign-in?attempt=x');
    assert.deepEqual([ours.status, ours.headers.get('location')], [303, '/sign-in?attempt=x']);
    assert.match(ours.headers.get('set-cookie') ?? '', /^authkit-language=de; Path=\/; Max-Age=31536000; HttpOnly/);

    for (const elsewhere of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      '/\t/evil.example/',
      '/\n/evil.example',
      'javascript:alert(1)',
      'evil',
      '',
    ]) {
      const refused = await choose('de', elsewhere);
      assert.equal(refused.status, 403, elsewhere);
      assert.equal(refused.headers.get('location'), null);
    }
    for (const site of ['cross-site', 'same-site', 'none'])
      assert.equal((await choose('de', '/sign-in', { 'sec-fetch-site': site })).status, 403);
    assert.equal((await choose('de', '/sign-in', { origin: 'https://evil.example' })).status, 403);

    for (const unknown of ['xx', '', '../de', 'de; Path=/x']) {
      const same = await choose(unknown, '/sign-in');
      assert.deepEqual([same.status, same.headers.get('set-cookie')], [303, null]);
    }
  });
});
