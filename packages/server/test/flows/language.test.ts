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

  it('is what the app asks for, else what was chosen here, else the browser’s, else English (UI 39)', async () => {
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

  it('shows again that a link is on its way, and mails no other one (UI 39)', async () => {
    const browser = server.browser();
    const email = 'lang-sent@example.com';
    await browser.open('/forgot-password');
    await browser.submit({ email }, '/forgot-password');
    const { hidden } = browser.form('/language');
    assert.ok(!decodeURIComponent(hidden.return_to ?? '').includes(email), 'the address is in the history');
    await browser.post('/language', { ...hidden, locale: 'de' });
    assert.equal(langOf(browser.text), 'de ltr');
    assert.match(browser.text, /Prüfen Sie Ihre E-Mails.*lang-sent@example\.com/s);
    assert.equal((await server.mails(email)).length, 1);
    // Only we can write what it says: otherwise anybody could have our page speak of any address.
    const [page, sealed = ''] = (hidden.return_to ?? '').split('&sent=');
    for (const forged of [encodeURIComponent(email), sealed.slice(0, -1)]) {
      await browser.open(`${page}&sent=${forged}`);
      assert.ok(!browser.text.includes(email), forged);
      assert.match(browser.text, /id="email"/);
    }
  });

  it('keeps the link for a new password, also after a password that was refused (UI 39)', async () => {
    const email = 'lang-reset@example.com';
    const made = await server.api('POST', '/user_management/users', { email, password: goodPassword });
    assert.equal(made.status, 201);
    const asking = server.browser();
    await asking.open('/forgot-password');
    await asking.submit({ email }, '/forgot-password');
    const [mail] = await server.mails(email);
    const [link = ''] = /\/reset-password\?token=\S+/.exec(mail?.text ?? '') ?? [];
    const browser = server.browser();
    await browser.open(link);
    for (const locale of ['de', 'fr']) {
      await browser.post('/language', { ...browser.form('/language').hidden, locale });
      assert.equal(langOf(browser.text), `${locale} ltr`);
      assert.equal((await browser.submit({ password: 'short' }, '/reset-password')).status, 422);
    }
    const done = await browser.submit({ password: 'another perfectly fine passphrase' }, '/reset-password');
    assert.equal(done.status, 200);
  });

  it('asks for the name in one field where the language has one, and keeps its parts (UI 16)', async () => {
    const namesOf = async (email: string) => {
      const [user] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
      return [user.first_name, user.last_name, user.name];
    };
    const typed: readonly [language: string, name: string, firstName: string, lastName: string | null][] = [
      ['ja', '山田 太郎', '太郎', '山田'],
      ['ko', '김철수', '김철수', null],
      ['zh-Hans', 'Grace Hopper', 'Grace', 'Hopper'],
    ];
    for (const [language, name, firstName, lastName] of typed) {
      const email = `name-${language}@example.com`.toLowerCase();
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ screen_hint: 'sign-up', ui_locales: language }));
      assert.equal(browser.text.match(/<input[^>]* autocomplete="name"/g)?.length, 1, language);
      assert.doesNotMatch(browser.text, /given-name|family-name/);
      // Refused for another field, it is still there.
      await browser.submit({ email, name, password: 'short' }, '/sign-up?');
      assert.ok(browser.text.includes(`value="${name}"`), language);
      await browser.submit({ email, name, password: goodPassword }, '/sign-up?');
      await browser.submit({ code: await server.codeFor(email) }, '/verify-email');
      assert.deepEqual(await namesOf(email), [firstName, lastName, name], language);

      const inLanguage = { 'accept-language': language };
      await browser.open(`/account?client_id=${server.clientId}`, inLanguage);
      assert.ok(browser.text.includes(name));
      await browser.open(`/account/profile?client_id=${server.clientId}`, inLanguage);
      assert.ok(browser.text.includes(`value="${name}"`), language);
      assert.doesNotMatch(browser.text, /given-name|family-name/);
      const { action, hidden } = browser.form('/account/profile');
      const long = await browser.post(action, { ...hidden, name: 'x'.repeat(300) }, inLanguage);
      assert.equal(long.status, 422);
      await browser.post(action, { ...hidden, name: ' 佐藤 花子 ' }, inLanguage);
      assert.deepEqual(await namesOf(email), ['花子', '佐藤', '佐藤 花子'], language);
      // In a language with two fields the name in one does not stay behind.
      await browser.open(`/account/profile?client_id=${server.clientId}`);
      await browser.submit({ first_name: 'Hanako', last_name: 'Sato' }, '/account/profile');
      assert.deepEqual(await namesOf(email), ['Hanako', 'Sato', 'Hanako Sato'], language);
    }
  });

  it('is that of the mail as well (UI 42)', async () => {
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
