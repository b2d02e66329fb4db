import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';
import { html } from '../core/index.ts';
import { catalogues, english, messageKeys } from './catalogue.ts';
import { languages, locales, negotiate, PageError, say, translator } from './index.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Every part of a parsed message, those inside plurals and tags included. */
const parts = (elements: readonly Element[]): Element[] =>
  elements.flatMap((element) => [
    element,
    ...('options' in element ? Object.values(element.options).flatMap(({ value }) => parts(value)) : []),
    ...('children' in element ? parts(element.children) : []),
  ]);

const literal = 0;
const plural = 6;
const pound = 7;

const elementsOf = (message: string): Element[] => parts(new IntlMessageFormat(message, 'en').getAst());

/** Names of the placeholders and tags, each with its kind: what code must pass. */
const needsOf = (message: string): string[] =>
  [
    ...new Set(
      elementsOf(message).flatMap((element) =>
        element.type === literal || element.type === pound || !('value' in element)
          ? []
          : [`${element.value}:${element.type}`],
      ),
    ),
  ].sort();

/** The plural categories a language uses for the numbers that occur on a page. */
const categoriesOf = (locale: string): string[] => {
  const rules = new Intl.PluralRules(locale);
  return [...new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)))].sort();
};

describe('messages', () => {
  for (const locale of locales) {
    const messages = Object.entries(catalogues[locale]);

    it(`are ICU, in the plurals of the language, with what English has: ${locale}`, () => {
      for (const [key, message = ''] of messages) {
        assert.ok(Object.hasOwn(english, key), `English has no ${key}`);
        assert.doesNotMatch(message, /'/, `${key}: an apostrophe quotes in ICU; write ’`);
        assert.doesNotMatch(message, /^\s|\s$|\s{2}/, `${key}: spaces that no one sees`);
        assert.deepEqual(needsOf(message), needsOf(english[key as keyof typeof english]), `${locale} ${key}`);
        for (const element of elementsOf(message)) {
          if (element.type !== plural || !('options' in element)) continue;
          const named = Object.keys(element.options).filter((option) => !option.startsWith('='));
          const missing = categoriesOf(locale).filter((category) => !named.includes(category));
          assert.deepEqual(missing, [], `${locale} ${key} lacks plurals`);
          const known = new Intl.PluralRules(locale).resolvedOptions().pluralCategories as string[];
          assert.deepEqual(
            named.filter((category) => !known.includes(category)),
            [],
            `${locale} ${key}`,
          );
        }
      }
    });
  }

  it('exist in every language (UI 41)', () => {
    const missing = locales.map((locale) => [locale, messageKeys.filter((key) => !catalogues[locale][key])]);
    assert.deepEqual(
      missing.filter(([, keys]) => keys?.length),
      [],
      'translate them in messages/<language>.ts',
    );
  });

  it('are written to people: no codes, no shouting, no unfinished sentence (UI 25)', () => {
    for (const key of messageKeys) assert.doesNotMatch(english[key], /!|TODO|\b[a-z]+[A-Z]\w*\b|\.\.\.$/, key);
  });
});

describe('translator', () => {
  const t = translator('en');
  const rtl = translator('ar');

  it('fills in values, and says what is missing', () => {
    assert.equal(t('signIn.signedOutHeading', { app: 'Acme' }), 'You are signed out of Acme');
    assert.equal(t('codes.wrong', { count: 1 }), 'That code is not right. 1 try left.');
    assert.throws(() => t('signIn.signedOutHeading'), /app/);
    assert.equal(t('signIn.toContinue', { app: 'Acme' }), 'to continue to Acme', 'tags are for markup');
    assert.equal(t.say(say('codes.wrong', { count: 4 })), 'That code is not right. 4 tries left.');
  });

  it('makes markup in which values are text', () => {
    const app = `<script>"{x}'`;
    assert.equal(
      t.html('signIn.toContinue', { app }).markup,
      'to continue to <b><bdi>&lt;script&gt;&quot;{x}&#39;</bdi></b>',
    );
    const linked = t.html('signIn.newHere', { app: '<b>', link: (words) => html`<a href="/up">${words}</a>` });
    assert.equal(linked.markup, 'New to <bdi>&lt;b&gt;</bdi>? <a href="/up">Create an account</a>');
    assert.equal(
      t.html('codes.sentTo', { email: html`<i>e</i>` }).markup,
      'We sent a six-digit code to <span class="joint"><i>e</i>.</span>',
    );
    assert.match(t.html('password.linkSent', { email: 'e' }).markup, /<bdi>e<\/bdi>\.$/, 'text needs no joint');
  });

  it('keeps a name from turning a sentence of the other direction', () => {
    assert.match(rtl('signIn.signedOutHeading', { app: 'Acme' }), /\u2068Acme\u2069/);
    assert.deepEqual([t.dir, rtl.dir], ['ltr', 'rtl']);
  });

  it('shows an operator’s own words, as text', () => {
    const own = translator('en', { 'signIn.toContinue': 'welcome <to> {app}' });
    assert.equal(own.html('signIn.toContinue', { app: '<Acme>' }).markup, 'welcome &lt;to&gt; <bdi>&lt;Acme&gt;</bdi>');
    assert.equal(own('common.continue'), 'Continue');
  });

  it('tells time in the language, rounded up, with digits like those of a code', () => {
    assert.deepEqual([0, 1, 59.2, 60, 61, 300].map(t.inTime), [
      'in 1 second',
      'in 1 second',
      'in 60 seconds',
      'in 1 minute',
      'in 2 minutes',
      'in 5 minutes',
    ]);
    assert.match(rtl.inTime(42), /42/);
    assert.equal(translator('de').inTime(42), 'in 42 Sekunden');
    const at = new Date('2026-03-01T12:30:00Z');
    assert.equal(t.dateTime(at), 'Mar 1, 2026, 12:30:00 PM UTC');
    assert.match(translator('de').dateTime(at, 'Europe/Berlin'), /01\.03\.2026, 13:30:00 MEZ/);
  });

  it('explains dead ends in English to the log', () => {
    assert.equal(
      new PageError({ heading: 'errors.redirect', message: say('codes.wrong', { count: 2 }) }).message,
      'That code is not right. 2 tries left.',
    );
  });
});

describe('negotiate', () => {
  const cases: readonly [wishes: readonly (string | null)[], locale: string][] = [
    [['de-AT'], 'de'],
    [['de-AT-1996 fr'], 'de'],
    [['xx-YY fr'], 'fr'],
    [['pt-PT'], 'pt-BR'],
    [['zh-CN'], 'zh-Hans'],
    [['zh-TW'], 'zh-Hans'],
    [['zh'], 'zh-Hans'],
    [['iw'], 'he'],
    [['ar-EG'], 'ar'],
    [['en-GB,de;q=0.9'], 'en'],
    [['sv-SE, sv;q=0.9, ja;q=0.8, en;q=0.7'], 'ja'],
    [['en;q=0.1, ko;q=0.9'], 'ko'],
    [['de;q=0, it;q=0.1'], 'it'],
    [['*'], 'en'],
    [[null, '', 'tr'], 'tr'],
    [['nonsense_', 'es'], 'es'],
    [['x'.repeat(100_000), 'pl'], 'pl'],
    [[','.repeat(5000), 'nl'], 'nl'],
    [[], 'en'],
  ];
  for (const [wishes, locale] of cases) {
    it(`hears ${JSON.stringify(wishes).slice(0, 60)} as ${locale}`, () => assert.equal(negotiate(...wishes), locale));
  }

  it('offers each language under its own name and tag', () => {
    for (const locale of locales) {
      assert.equal(new Intl.Locale(locale).toString(), locale);
      assert.equal(negotiate(locale), locale);
      assert.ok(languages[locale].name.length > 1);
    }
  });
});
