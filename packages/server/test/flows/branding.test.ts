/** An operator's look on every page, dead end and mail; nothing of it can become markup, styles or script. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { json, sql } from '../../src/core/index.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { asOperator, becomeOwner, makeUser } from './steps.ts';

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The same but for its last character, so that nothing has this name. */
const otherThan = (name: string) => `${name.slice(0, -1)}${name.endsWith('0') ? '1' : '0'}`;

onEachEngine('branding', (start) => {
  let server: TestServer;
  let owner: TestBrowser;
  before(async () => {
    server = await start();
    owner = await becomeOwner(server);
  });
  after(() => server[Symbol.asyncDispose]());

  const call = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
    asOperator(server, owner, method, `/dashboard/api/branding${path}`, { body });
  const signInPage = async () => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    return browser.text;
  };
  const none = { page: null, button: null, button_text: null, link: null };
  const ours = {
    appearance: 'system',
    layout: 'center',
    font: 'system',
    radius: 10,
    light: none,
    dark: none,
    logo: null,
    logo_dark: null,
    icon: null,
    support_url: null,
    texts: {},
    css: '',
  };

  it('is a draft until it is published, and can be taken back (UI 46)', async () => {
    const untouched = (await call('GET', '')).json;
    assert.deepEqual([untouched.draft, untouched.published], [ours, ours]);
    assert.deepEqual([untouched.has_changes, untouched.can_revert], [false, false]);
    assert.equal((await call('POST', '/publish')).status, 409);
    assert.equal((await call('POST', '/revert')).status, 409);

    const uploaded = await call('POST', '/images', { content: pixel });
    assert.equal(uploaded.status, 201);
    const { id: logo, url } = uploaded.json;
    const garish = {
      ...ours,
      layout: 'end',
      font: 'serif',
      radius: 0,
      light: { page: '#001122', button: '#FFEE00', button_text: '#ffffff', link: '#ffee00' },
      logo,
      icon: logo,
      texts: { en: { 'signIn.title': 'Come in', 'signIn.toContinue': 'and see {app}' }, de: {} },
    };
    const saved = await call('PUT', '/draft', garish);
    assert.equal(saved.status, 200);
    assert.equal(saved.json.draft.light.button, '#ffee00');
    assert.equal(saved.json.default_colors.dark.button, '#8ea0ff');
    const { light: shown } = saved.json.shown_colors;
    assert.deepEqual([shown.page, shown.button, shown.button_text], ['#001122', '#ffee00', '#000000']);
    assert.match(shown.button_edge, /^#/, 'yellow hardly differs from a white card');
    assert.deepEqual(
      saved.json.contrast.map((row: Record<string, unknown>) => row.color),
      ['page', 'button', 'button_text', 'link'],
    );
    assert.doesNotMatch(await signInPage(), /ffee00|Come in/, 'a draft is seen by nobody');
    const preview = await server.browser().open(saved.json.preview_url);
    assert.match(preview.text, /--brand:#ffee00/);
    assert.match(preview.text, /<h1>Come in<\/h1>/);

    assert.equal((await call('POST', '/publish')).json.has_changes, false);
    const page = await signInPage();
    assert.match(page, /--page:#001122;.*--brand:#ffee00;.*--brand-text:#000000;/s);
    assert.match(page, /--radius:0px/);
    assert.match(page, /@media \(min-width:900px\)\{main\{align-items:flex-end;/);
    assert.match(page, /--font:ui-serif,Charter,[^;]*Georgia,"Times New Roman",serif;/);
    assert.match(page, /<h1>Come in<\/h1><div class="context">and see <bdi>Your app<\/bdi><\/div>/);
    assert.ok(page.includes(`<img class="logo" src="${new URL(url).pathname}" alt="Your app">`));
    assert.ok(page.includes(`<link rel="icon" href="${new URL(url).pathname}">`));

    const lost = server.browser();
    await lost.open(`/sign-in?client_id=${server.clientId}`);
    await server.signUp('branded@example.com');
    const [mail] = await server.mails('branded@example.com');
    assert.match(mail?.html ?? '', /background:#001122/);
    assert.match(mail?.html ?? '', /font-family:ui-serif, Charter, [^;"]*Georgia, 'Times New Roman', serif"/);
    assert.ok(mail?.html.includes(`src="${url}"`));

    const reverted = await call('POST', '/revert');
    assert.deepEqual(reverted.json.published, ours);
    assert.doesNotMatch(await signInPage(), /ffee00|Come in/);
    assert.equal((await call('POST', '/revert')).json.published.radius, 0, 'twice is back again');
    await call('POST', '/revert');
  });

  it('shows pictures as pictures, to be kept for ever', async () => {
    const { json } = await call('POST', '/images', { content: pixel });
    const picture = await fetch(json.url);
    assert.equal(picture.status, 200);
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), Buffer.from(pixel, 'base64'));
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.equal(picture.headers.get('x-content-type-options'), 'nosniff');
    assert.match(picture.headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox/);
    assert.match(picture.headers.get('cache-control') ?? '', /immutable/);
    const other = json.url.replace(server.environmentId, otherThan(server.environmentId));
    assert.equal((await fetch(other)).status, 404, 'another environment has no such picture');
    assert.equal((await fetch(otherThan(json.url))).status, 404);

    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>').toString('base64');
    const refused = await call('POST', '/images', { content: svg });
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(refused.json), /image_type_unsupported/);
  });

  it('takes nothing that could be more than a colour, a picture or a text', async () => {
    const evil = [
      { ...ours, light: { ...none, button: 'red;}</style><script>alert(1)</script>' } },
      { ...ours, light: { ...none, page: 'url(https://evil.example/x)' } },
      { ...ours, light: { ...none, page: '#ffffff\n' } },
      { ...ours, radius: '0;}*{display:none' },
      { ...ours, radius: 1e9 },
      { ...ours, appearance: 'blink' },
      { ...ours, layout: 'fixed' },
      { ...ours, font: 'Comic Sans MS' },
      { ...ours, font: 'constructor' },
      { ...ours, font: 'serif;}</style><script>alert(1)</script>' },
      { ...ours, logo: '../../../etc/passwd' },
      { ...ours, logo: 'a'.repeat(64) },
      { ...ours, texts: { xx: {} } },
      { ...ours, texts: { en: { 'signIn.signIn': 'Enter' } } },
      { ...ours, texts: { en: { 'signIn.title': '{evil}' } } },
    ];
    for (const draft of evil) assert.equal((await call('PUT', '/draft', draft)).status, 422, JSON.stringify(draft));

    const attack = `"><script>alert(1)</script></style>'`;
    const draft = { ...ours, texts: { en: { 'signIn.title': attack, 'signIn.toContinue': `<b>${attack}</b>` } } };
    assert.equal((await call('PUT', '/draft', draft)).status, 200);
    await call('POST', '/publish');
    const page = await signInPage();
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.equal(page.match(/<\/style>/g)?.length, 1);
    assert.match(page, /&lt;script&gt;alert\(1\)/);
    await call('POST', '/revert');
  });

  /** The draft's preview with other parameters. */
  const preview = async (parameters: Readonly<Record<string, string | undefined>>) => {
    const link = new URL((await call('GET', '')).json.preview_url);
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) link.searchParams.set(name, value);
    const answer = await fetch(link);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  /** What the preview takes for each page there is: those of a sign-in, and those of the account. */
  const everyPage = async (): Promise<readonly Readonly<Record<string, string>>[]> => {
    const { pages, account_pages } = (await call('GET', '/previews')).json;
    return [...pages.map((page: string) => ({ page })), ...account_pages.map((account: string) => ({ account }))];
  };

  it('previews each mail in the draft’s look, as markup and as text', async () => {
    const { json: logo } = await call('POST', '/images', { content: pixel });
    const draft = { ...ours, logo: logo.id, light: { ...none, button: '#123456' } };
    assert.equal((await call('PUT', '/draft', draft)).status, 200);
    const { mails } = (await call('GET', '/previews')).json;
    for (const mail of mails) {
      const { headers, text } = await preview({ mail, locale: 'de' });
      assert.match(text, /^<!doctype html>\n<html lang="de" dir="ltr">/, mail);
      assert.ok(text.includes(`src="${logo.url}"`), mail);
      assert.equal(
        headers.get('content-security-policy'),
        `default-src 'none'; style-src 'unsafe-inline'; img-src ${logo.url} ${logo.url}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox`,
      );
      const plain = await preview({ mail, locale: 'de', format: 'text' });
      assert.match(plain.text, /^Subject: \S.*\n\n\S/, mail);
      assert.equal(plain.headers.get('content-type'), 'text/plain; charset=utf-8');
      assert.match(plain.headers.get('content-security-policy') ?? '', /img-src 'none';.*; sandbox$/);
      assert.doesNotMatch(plain.text, /</, mail);
    }
    assert.match((await preview({ mail: 'invitation' })).text, /background:#123456/);
    assert.match((await preview({ mail: 'invitation', locale: 'he' })).text, /<html lang="he" dir="rtl">/);
    assert.equal((await preview({ mail: 'invitation', proof: 'x' })).status, 404, 'the link is what lets one see it');
  });

  it('previews a mail as people get it', async () => {
    await call('PUT', '/draft', { ...ours, radius: 3 });
    await call('POST', '/publish');
    await server.signUp('previewed@example.com');
    const [mail] = await server.mails('previewed@example.com');
    const code = /^\d{6}$/m.exec(mail?.text ?? '')?.[0] ?? '';
    assert.match(code, /^\d{6}$/);
    const asPreviewed = (text?: string) => text?.replaceAll(code, '482915');
    const params = { mail: 'verify_email', locale: 'en' };
    assert.equal(asPreviewed(mail?.html), (await preview(params)).text);
    const text = `Subject: ${mail?.subject}\n\n${mail?.text}`;
    assert.equal(asPreviewed(text), (await preview({ ...params, format: 'text' })).text);
    await call('POST', '/revert');
  });

  it('previews the pages of the account in the draft’s look, and none of it leads to an account', async () => {
    const { json: logo } = await call('POST', '/images', { content: pixel });
    const draft = { ...ours, font: 'slab', logo: logo.id, light: { ...none, button: '#123456' } };
    await call('PUT', '/draft', draft);
    const { account_pages } = (await call('GET', '/previews')).json;
    for (const account of account_pages) {
      const { text } = await preview({ account, locale: 'ar', appearance: 'light' });
      assert.match(text, /<html lang="ar" dir="rtl">.*<meta name="color-scheme" content="light">/s, account);
      assert.match(text, /--font:Rockwell,.*--brand:#123456/s, account);
      assert.ok(text.includes(`<img class="logo" src="${new URL(logo.url).pathname}" alt="Your app">`), account);
      assert.match(text, /<header class="strip">/, 'a staging environment says so in its preview');
      assert.doesNotMatch(text, /"\/account/, account);
    }
    assert.match((await preview({ account: 'account', locale: 'en' })).text, /grace@example\.com.*Chrome on Windows/s);
    assert.equal((await preview({ account: 'account', proof: 'x' })).status, 404);
    await call('PUT', '/draft', ours);
  });

  const layer = '@layer custom{.card{max-width:480px!important;}}</style>';

  it('has CSS of its own in a layer, which a browser can do without through a whole sign-in', async () => {
    const { email } = await makeUser(server);
    const draft = { ...ours, css: '.card { max-width: 480px }' };
    assert.deepEqual((await call('PUT', '/draft', draft)).json.draft, draft);
    assert.ok(!(await signInPage()).includes('@layer'), 'a draft is seen by nobody');
    for (const page of [{ page: 'password' }, { account: 'account' }]) {
      assert.ok((await preview(page)).text.includes(layer), JSON.stringify(page));
      assert.ok(!(await preview({ ...page, css: 'off' })).text.includes('@layer'));
    }
    assert.doesNotMatch((await preview({ mail: 'invitation' })).text, /@layer|480px !/);
    await call('POST', '/publish');
    assert.ok((await signInPage()).includes(layer));
    const deadEnd = await fetch(
      `${server.url}/user_management/authorize?client_id=${server.clientId}&redirect_uri=https://other.example/x&response_type=code`,
    );
    assert.ok((await deadEnd.text()).includes(layer), 'on a dead end as well');

    const plain = server.browser();
    await plain.open(server.authorizeUrl({ plain: '1' }));
    assert.ok(!plain.text.includes('@layer'));
    await plain.submit({ email }, '/sign-in?');
    assert.match(plain.path, /^\/sign-in\/password/);
    assert.ok(!plain.text.includes('@layer'), 'the next page comes without it');
    await plain.submit({ password: 'wrong' }, '/sign-in/password');
    assert.ok(!plain.text.includes('@layer'), 'and what a form answers');
    await plain.submit({ password: goodPassword }, '/sign-in/password');
    await plain.open('/account');
    assert.match(plain.text, /<main class="settings">/);
    assert.ok(!plain.text.includes('@layer'), 'and the account');
    await plain.open('/account?plain=0');
    assert.ok(plain.text.includes(layer), 'until it is asked for again');
    await plain.open('/account');
    assert.ok(plain.text.includes(layer));
    await plain.open('/account?plain=1');
    await plain.open('/account/profile');
    assert.ok(!plain.text.includes('@layer'), 'it begins on any page');

    await call('POST', '/revert');
    assert.ok(!(await signInPage()).includes('@layer'), 'what was published is taken back for everybody');
  });

  it('refuses CSS that could do more than it may, with every line of it', async () => {
    const css =
      '.card {\n  position: fixed;\n  text-align: center;\n}\n@import "https://evil.example";\n</style><script>';
    const { status, json } = await call('PUT', '/draft', { ...ours, css });
    assert.equal(status, 422);
    assert.deepEqual(json.errors, [
      { code: 'css_refused', field: 'css', message: "Line 2: 'position' cannot be set on '.card'." },
      {
        code: 'css_refused',
        field: 'css',
        message: "Line 5: '@import' is not taken; of at-rules there is @media.",
      },
      { code: 'css_refused', field: 'css', message: 'Line 6: This cannot be read as CSS.' },
    ]);
    assert.equal((await call('GET', '')).json.draft.css, '', 'nothing of it is kept');
    assert.equal((await call('PUT', '/draft', { ...ours, css: '.by { display: none } '.repeat(1000) })).status, 422);
  });

  it('prints CSS anew from what is stored, so that nothing else gets out of a row', async () => {
    const css =
      '.strip { display: none } .card { background: url(//evil.example); max-width: 480px } </style><script>alert(1)</script>';
    await call('PUT', '/draft', ours);
    await server.running.services.db.run(sql`
      update branding set draft_json = ${json({ ...ours, css })} where environment_id = ${server.environmentId}`);
    const { text } = await preview({ page: 'sign-in' });
    assert.ok(text.includes(layer));
    assert.doesNotMatch(text, /evil|alert\(1\)|\.strip\{display/);
    assert.equal(text.match(/<\/style>/g)?.length, 1);
    assert.equal(text.match(/<script/g)?.length, 1);
    await call('PUT', '/draft', ours);
  });

  it('completes a row from before with what a look has learned to hold since', async () => {
    const { font: _, css: __, layout: ___, ...before } = ours;
    await server.running.services.db.run(sql`
      update branding set draft_json = ${json({ ...before, radius: 4 })}
      where environment_id = ${server.environmentId}`);
    assert.deepEqual((await call('GET', '')).json.draft, { ...ours, radius: 4 });
    await call('PUT', '/draft', ours);
  });

  it('previews dark as dark, unless the draft knows light only', async () => {
    await call('PUT', '/draft', ours);
    for (const parameters of [{ page: 'sign-in' }, { account: 'account' }, { mail: 'invitation' }]) {
      const dark = { ...parameters, appearance: 'dark' };
      assert.match((await preview(dark)).text, /<meta name="color-scheme" content="dark">/);
      await call('PUT', '/draft', { ...ours, appearance: 'light' });
      assert.match((await preview(dark)).text, /<meta name="color-scheme" content="light">/);
      await call('PUT', '/draft', ours);
    }
  });

  it('links help at the same place on every page and in every mail (UI 34)', async () => {
    for (const support of ['https://help.example.com/a?b=1&c=2', 'mailto:help@example.com']) {
      assert.equal((await call('PUT', '/draft', { ...ours, support_url: support })).status, 200);
      const href = `href="${support.replace('&', '&amp;')}"`;
      const { mails } = (await call('GET', '/previews')).json;
      // What the address is makes no difference to where its link stands.
      for (const page of support.startsWith('https:') ? await everyPage() : [{ page: 'sign-in' }]) {
        const { text } = await preview({ ...page, locale: 'fr' });
        assert.ok(text.includes(`<nav class="legal"><a class="reach" ${href}>Aide</a>`), JSON.stringify(page));
      }
      for (const mail of mails) {
        const { text: markup } = await preview({ mail, locale: 'ar' });
        assert.equal(markup.split(href)[1]?.split('</a>')[0]?.endsWith('>المساعدة'), true, mail);
        const { text } = await preview({ mail, locale: 'fr', format: 'text' });
        assert.ok(text.includes(`\n\nAide: ${support.replace('mailto:', '')}\n`), mail);
      }
    }
    assert.doesNotMatch(await signInPage(), />Help</, 'a draft is seen by nobody');
    await call('POST', '/publish');
    assert.match(await signInPage(), /href="mailto:help@example.com">Help</);
    const deadEnd = await fetch(
      `${server.url}/user_management/authorize?client_id=${server.clientId}&redirect_uri=https://other.example/x&response_type=code`,
    );
    assert.match(await deadEnd.text(), /href="mailto:help@example.com">Help</);
    await call('POST', '/revert');
    await call('PUT', '/draft', ours);
  });

  it('refuses help that could be more than an address', async () => {
    const evil = [
      ...[
        '',
        'help',
        '//help.example',
        '/help',
        'http://help.example',
        'ftp://help.example',
        'tel:+1',
        'https://',
        'https:///x',
      ],
      ...['javascript:alert(1)', 'JavaScript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)'],
      ...['data:text/html,<script>alert(1)</script>', 'vbscript:x', 'blob:https://help.example/x'],
      ...[
        'https://bank.example@evil.example',
        'https://u:p@evil.example',
        'https://@evil.example',
        'https://evil.example\\@a.example',
      ],
      ...[
        'https:\\\\evil.example',
        'https:evil.example',
        'https://help.example/\n',
        'https://help.example/a b',
        'https://\u202ehelp.example',
      ],
      ...[
        'mailto:',
        'mailto:help',
        'mailto:a@b.example,c@d.example',
        'mailto:a@b.example?bcc=c@d.example',
        'mailto:a@b.example\nx',
      ],
      ...[
        'mailto:a%0a@b.example',
        'mailto:"a"@b.example',
        'mailto:a@b.example/x',
        `https://help.example/${'x'.repeat(500)}`,
      ],
    ];
    for (const support_url of evil)
      assert.equal((await call('PUT', '/draft', { ...ours, support_url })).status, 422, JSON.stringify(support_url));
  });

  it('previews what it lists, and the first page for any other name', async () => {
    const titles = new Set<string | undefined>();
    for (const page of await everyPage()) {
      const { status, text } = await preview({ ...page, locale: 'en' });
      assert.equal(status, 200, JSON.stringify(page));
      titles.add(/<h1>(.*?)<\/h1>/.exec(text)?.[1]);
    }
    assert.ok(titles.size > 30, 'they differ');
    for (const name of ['constructor', '__proto__', 'nothing'])
      for (const parameter of ['page', 'account', 'mail'])
        assert.match((await preview({ [parameter]: name, locale: 'en' })).text, /<h1>Sign in<\/h1>/, name);
  });

  it('is previewed by whoever has the link, and by nobody else, for a day', async () => {
    const { preview_url } = (await call('GET', '')).json;
    const link = new URL(preview_url);
    assert.equal((await server.browser().open(link.href)).status, 200);
    link.searchParams.set('page', 'verify-email');
    link.searchParams.set('locale', 'ar');
    assert.match((await server.browser().open(link.href)).text, /<html lang="ar" dir="rtl">.*name="code"/s);
    for (const [name, value] of [
      ['proof', `${link.searchParams.get('proof')}x`],
      ['until', String(Number(link.searchParams.get('until')) + 1)],
      ['environment', 'environment_01'],
    ] as const) {
      const changed = new URL(link);
      changed.searchParams.set(name, value);
      assert.equal((await server.browser().open(changed.href)).status, 404, name);
    }
    server.clock.advance(86_400);
    assert.equal((await server.browser().open(link.href)).status, 404);
  });
});
