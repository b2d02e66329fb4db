import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { say, translator } from '../../texts/index.ts';
import { safeHref } from './components.ts';
import { examples } from './examples.ts';
import * as hosted from './index.ts';
import { type AppView, confirmRedirectPage, errorPage, passwordPage, signInPage, signUpPage } from './index.ts';

/** UI rule 7 allows 20 KB; more than this on one page means that something heavy came in unnoticed. */
const pageLimitBytes = 12 * 1024;

const pages = Object.entries(examples({ nonce: 'n0nce' }));
const example = (name: string) => pages.find(([key]) => key === name)?.[1] ?? assert.fail(`no example "${name}"`);
const app: AppView = { name: 'Acme', environmentName: 'Production', environmentKind: 'production' };
const base = { app, nonce: 'n', t: translator('en'), action: '/a', csrf: 'c', step: 's' };

/** The document without style and script: what the templates wrote. */
const markupOf = (page: string) => page.replace(/<(style|script)\b[^>]*>.*?<\/\1>/gs, '');
const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;
/** What is read out, roughly: text without tags, in one line. */
const textOf = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
const labels = (page: string) => [...page.matchAll(/<label for="(\w+)">([^<]*)<\/label>/g)].map((match) => match[2]);
const buttons = (page: string) =>
  [...page.matchAll(/<button\b([^>]*)>(.*?)<\/button>/gs)]
    .filter(([, attributes]) => !/\bhidden\b|name="locale"/.test(attributes ?? ''))
    .map(([, , content]) => textOf(content ?? ''));

describe('every hosted page', () => {
  for (const [name, page] of pages) {
    it(`holds the house rules: ${name} (UI 3, 7, 8, 10, 11, 12, 34, 43)`, () => {
      const markup = markupOf(page);
      assert.equal(count(markup, /<h1\b/g), 1, 'one h1');
      assert.equal(count(markup, /<main\b/g), 1, 'one main');
      assert.equal(count(markup, /<footer\b/g), 1, 'one footer');
      assert.equal(count(markup, /class="button"/g) <= 1, true, 'one primary button');
      assert.match(markup, /<title>[^<]+ – [^<]+<\/title>/);
      assert.match(markup, /^<!doctype html>\n<html lang="en" dir="ltr">/);

      assert.match(markup, /<meta name="color-scheme" content="(light dark|light|dark)">.*<title>/s, 'nothing flashes');
      assert.match(markup, /<link rel="icon" href="[^"]+">/);
      assert.doesNotMatch(markup, /\splaceholder=/, 'no placeholder stands in for a label');
      assert.doesNotMatch(page, /attachShadow|shadowroot/, 'password managers see every field');
      assert.doesNotMatch(markup, /<[^>]*\s(style|on\w+)=/, 'no nonce admits inline styles and handlers');
      assert.doesNotMatch(page, /(src|href|action|url\()="?https?:(?!\/\/acme\.example\/login")/, 'asks nobody else');
      assert.doesNotMatch(page, /@import|url\(/);
      assert.equal(count(page, /<(style|script) nonce="n0nce">/g), 2);

      const ids = [...markup.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
      assert.deepEqual([...new Set(ids)], ids, 'ids are unique');
      for (const [, references] of markup.matchAll(/aria-describedby="([^"]+)"/g))
        for (const id of (references ?? '').split(' ')) assert.ok(ids.includes(id), `${id} is described by nothing`);
      for (const [, id] of markup.matchAll(/<input id="(\w+)"/g)) {
        assert.match(markup, new RegExp(`<label for="${id}">`));
        assert.match(markup, new RegExp(`<input id="${id}" name="${id}"`));
      }
      for (const [input] of markup.matchAll(/<input[^>]*aria-invalid="true"[^>]*>/g))
        assert.match(input, /aria-describedby="\w+-error/, 'an error says what is wrong');
      for (const [form] of markup.matchAll(/<form.*?<\/form>/gs)) {
        if (form.includes('action="/language"')) continue;
        assert.match(form, /^<form method="post" action="\/[^"]*"/);
        assert.match(form, /name="csrf" value="token"/);
        assert.match(form, /name="step" value="\w+"/);
        // The providers' buttons stand above the form that comes first, and name their own.
        const [, id] = /^<form[^>]* id="(\w+)"/.exec(form) ?? [];
        if (id) assert.match(markup, new RegExp(`<button[^>]* type="submit" form="${id}"`));
        else assert.match(form, /<button[^>]* type="submit"/);
      }
      assert.ok(count(markup, /\sautofocus/g) <= 1, 'one thing has the focus');
      assert.ok(gzipSync(page).length <= pageLimitBytes, `${gzipSync(page).length} bytes`);
    });
  }

  it('leaves nobody without a next step, and says in words what it is where there is nothing to press (UI 9)', () => {
    const press = /<(a|button)\b(?![^>]*(\shidden|name="locale"))[^>]*>/;
    const withNone = pages.filter(([, page]) => !press.test(/<main.*?<\/main>/s.exec(markupOf(page))?.[0] ?? ''));
    assert.deepEqual(
      withNone.map(([name, page]) => [name, textOf(/<div class="context"[^>]*>(.*?)<\/div>/s.exec(page)?.[1] ?? '')]),
      [
        [
          'reset-password done, no way on',
          'Every device was signed out. Go back to the app and sign in with the new one.',
        ],
        ['device approved', 'Go on there. You can close this page.'],
        [
          'device denied',
          'It got nothing. If you did not start this, somebody may have sent you their code: tell the people who run Acme.',
        ],
        ['signed-out no way back', 'You can close this page.'],
      ],
    );
  });

  it('is laid out by where a line begins and ends, never by left and right (UI 40)', () => {
    const style = /<style[^>]*>(.*?)<\/style>/s.exec(example('sign-in'))?.[1] ?? '';
    assert.ok(style.includes('margin-block'));
    assert.doesNotMatch(style, /(margin|padding|border)-(left|right)|[;{](left|right):|text-align:(left|right)|float:/);
  });

  it('marks the way of the last time for eyes and for ears (UI 21), and says that a code was sent again (UI 28)', () => {
    const page = example('sign-in passkey last used');
    assert.match(page, /aria-describedby="last-used".*<span class="badge"[^>]* aria-hidden="true">Last used<\/span>/s);
    assert.match(page, /<span class="unseen" id="last-used">[^<]+<\/span>/);
    assert.match(example('verify-email resent'), /role="status">.*We sent a new code\. Only the newest one works\./s);
  });

  it('wears the strip in staging and none in production (UI 47)', () => {
    assert.match(example('sign-in staging'), /<header class="strip">Staging – do not use real data<\/header>/);
    assert.doesNotMatch(example('sign-in'), /<header/);
  });

  it('carries the names that tests, password managers and screen readers rely on (UI 11)', () => {
    const named = (name: string) => ({ labels: labels(example(name)), buttons: buttons(example(name)) });
    assert.deepEqual(named('sign-in'), { labels: ['Email'], buttons: ['Continue'] });
    assert.deepEqual(named('password'), { labels: ['Email', 'Password'], buttons: ['Sign in'] });
    assert.deepEqual(named('sign-up'), { labels: ['Email', 'Password'], buttons: ['Sign up'] });
    for (const names of ['sign-up optional names', 'sign-up required names'])
      assert.deepEqual(named(names), {
        labels: ['Email', 'First name', 'Last name', 'Password'],
        buttons: ['Sign up'],
      });
    assert.deepEqual(named('verify-email'), { labels: ['Code'], buttons: ['Continue', 'Send again'] });
    assert.deepEqual(named('verify-email expired'), { labels: [], buttons: ['Send a new code'] });
    assert.deepEqual(named('confirm-redirect').buttons, [
      'Continue to storefront-git-new-checkout-acme-team.vercel.app',
    ]);
    assert.deepEqual(named('sign-in passkey'), { labels: ['Email'], buttons: ['Continue', 'Use a passkey'] });
    assert.deepEqual(named('password passkey').buttons, ['Sign in', 'Use a passkey']);
    assert.deepEqual(named('offer-passkey').buttons, ['Create a passkey', 'Not now', 'Never ask again']);
    assert.deepEqual(named('set-up'), { labels: ['Email'], buttons: ['Continue'] });
  });

  it('tells password managers what each field is (UI 13, 14, 15, 16, 18)', () => {
    assert.match(
      example('sign-in'),
      /<input id="email" name="email" type="email" autocomplete="username webauthn" required autofocus inputmode="email" autocapitalize="none" spellcheck="false"/,
    );
    assert.match(example('password'), /autocomplete="username" value="grace@example\.com" readonly/);
    assert.match(example('password'), /autocomplete="current-password"/);
    assert.match(example('sign-up'), /autocomplete="new-password"[^>]*minlength="10" passwordrules="minlength: 10;/);
    assert.match(example('sign-up required names'), /autocomplete="given-name".*autocomplete="family-name"/s);
    assert.match(
      example('verify-email'),
      /<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="6" pattern="\[0-9\]\*"/,
    );
  });

  it('never prints a password or a code back', () => {
    for (const [name, page] of pages)
      for (const [input] of page.matchAll(/<input id="(password|code)"[^>]*>/g))
        assert.doesNotMatch(input, / value=/, name);
  });
});

it('every hosted page has an example, but for the one that leaves at once', () => {
  const source = readFileSync(new URL('./examples.ts', import.meta.url), 'utf8');
  const names = Object.keys(hosted).filter((name) => name.endsWith('Page') && name !== 'leavingPage');
  assert.ok(names.length > 20);
  assert.deepEqual(
    names.filter((name) => !source.includes(`${name}(`)),
    [],
  );
});

describe('the page that asks for another way to sign in', () => {
  const shown = (methods: readonly string[], isForAccount: boolean) =>
    hosted.changeMethodPage({ ...base, organizationName: 'Acme', methods, isForAccount, canChooseAnother: false });

  it('lists the ways that will do, and where none is known says so without an empty list', () => {
    assert.match(shown(['A passkey'], true), /counts for .*Acme.*<ul class="bullets apart"><li>A passkey<\/li><\/ul>/s);
    const without = shown([], true);
    assert.match(without, /The way you just used opens no account here\./);
    assert.doesNotMatch(without, /<ul class="bullets|Sign in first with:/);
  });
});

describe('errors on a page', () => {
  it('put the focus on the first bad field (UI 24)', () => {
    assert.match(example('sign-up several errors'), /<input id="email"[^>]* aria-invalid="true"[^>]* autofocus/);
    assert.match(example('sign-up weak password'), /<input id="password"[^>]* aria-invalid="true"[^>]* autofocus/);
  });

  it('announce themselves once: a single one at its field, several by a summary', () => {
    const alerts = (name: string) =>
      [...markupOf(example(name)).matchAll(/<(p|div)[^>]* role="alert"[^>]*>(.*?)<\/\1>/gs)]
        .filter(([tag]) => !/id="offline"/.test(tag))
        .map(([, , content]) => textOf(content ?? ''));
    assert.deepEqual(alerts('sign-in field error'), ['Enter an address like name@example.com.']);
    assert.deepEqual(alerts('sign-up several errors'), ['Please check the 3 fields marked below.']);
    assert.deepEqual(alerts('sign-in page error'), ['Something went wrong on our side. Try again.']);
    assert.deepEqual(alerts('sign-in'), []);
  });

  it('keep what was typed and explain the rule beside the error', () => {
    const page = example('sign-up weak password');
    assert.match(page, /value="grace@example\.com"/);
    assert.match(page, /aria-describedby="password-error password-hint"/);
    assert.match(page, /At least 10 characters\./);
  });

  it('say how long to wait, in words without script', () => {
    assert.match(example('sign-in rate limited'), /data-countdown="42"[^>]*>Try again in 42 seconds\.</);
    assert.match(example('verify-email'), /data-wait="24"/);
    assert.doesNotMatch(example('verify-email may resend'), /data-wait="/);
  });

  it('count the tries left', () => {
    assert.match(example('verify-email wrong'), /That code is not right\. 4 tries left\./);
  });
});

describe('hostile text', () => {
  const attack = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
  const hostile: AppView = { name: attack, environmentName: attack, environmentKind: 'staging' };
  const everything = {
    ...base,
    app: hostile,
    action: attack,
    csrf: attack,
    step: attack,
    email: attack,
    firstName: attack,
    lastName: attack,
    names: 'required' as const,
    passwordMinLength: 10,
    signInUrl: `/${attack}`,
    signUpUrl: `/${attack}`,
    changeUrl: `/${attack}`,
    cancelUrl: `/${attack}`,
    problem: { message: say('signIn.newHere', { app: attack }), waitSeconds: 3 },
    host: attack,
    requestId: attack,
    developer: { title: attack, rows: [{ label: attack, value: attack }], fix: { label: attack, href: `/${attack}` } },
  };

  it('stays text wherever it is printed', () => {
    const said = say('signIn.signedOutHeading', { app: attack });
    const restart = { label: said, url: `https://x.example/${attack}` };
    const error = errorPage({ ...everything, heading: said, message: said, advice: said, restart });
    const pages = [signInPage, passwordPage, signUpPage, confirmRedirectPage].map((render) => render(everything));
    for (const page of [...pages, error]) {
      assert.equal(count(page, /<script/g), 1, 'only our own script');
      assert.equal(count(page, /<img/g), 0);
      assert.ok(page.includes('&quot;&gt;&lt;script&gt;'));
    }
  });

  it('cannot leave the icon, where the name passes through two languages', () => {
    for (const name of ['"', '<', '&', '%22', "'"]) {
      const icon = /<link rel="icon" href="(data:image\/svg\+xml,[^"]*)">/.exec(
        signInPage({ ...base, app: { ...app, name }, signUpUrl: null }),
      );
      const image = decodeURIComponent(icon?.[1]?.split(',')[1] ?? '');
      assert.match(image, /<text x="16" y="22\.5">(&quot;|&lt;|&amp;|%|&#39;)<\/text><\/svg>$/);
    }
  });

  it('is no link unless it leads to a path here or to http(s)', () => {
    assert.deepEqual(
      [
        '/sign-in?x=1',
        'https://acme.example/login',
        'http://localhost:3000/',
        'javascript:alert(1)',
        ' javascript:alert(1)',
        'data:text/html,x',
        '//evil.example',
        '/\\evil.example',
        'https:///x',
        '',
        null,
      ].map(safeHref),
      [
        '/sign-in?x=1',
        'https://acme.example/login',
        'http://localhost:3000/',
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
      ],
    );
    assert.doesNotMatch(
      errorPage({
        ...base,
        heading: 'errors.attemptOver',
        message: 'errors.attemptOverWhy',
        requestId: 'r',
        restart: { label: 'common.startAgain', url: 'javascript:alert(1)' },
      }),
      /Start again|javascript:/,
    );
  });
});

describe('errorPage', () => {
  const view = {
    ...base,
    heading: 'errors.attemptOver' as const,
    message: 'errors.attemptOverWhy' as const,
    requestId: 'req_1',
    developer: { title: 'For the makers', rows: [{ label: 'Presented', value: 'http://localhost/' }] },
  };

  it('shows the developer panel in staging only', () => {
    assert.match(errorPage({ ...view, app: { ...app, environmentKind: 'staging' } }), /For the makers/);
    assert.doesNotMatch(errorPage(view), /For the makers/);
  });

  it('shows the id that finds the log line (UI 25)', () => {
    assert.match(errorPage(view), /<code dir="ltr">req_1<\/code>/);
  });
});
