import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { getDomain } from 'tldts';
import { checkCorsOrigin } from './cors-origin-rules.ts';
import { explainRefusal } from './redirect-doctor.ts';
import { findMatch, matches } from './redirect-match.ts';
import { checkRegistration, type RegistrationPolicy } from './redirect-rules.ts';

const staging: RegistrationPolicy = { kind: 'staging', strict: false };
const policies: RegistrationPolicy[] = [
  staging,
  { kind: 'production', strict: true },
  { kind: 'production', strict: false },
];
const allowed = (uri: string, policy = staging) => checkRegistration(uri, policy).allowed;

const chars = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });

const label = chars('abcxyz019-_', 1, 12);
const domain = fc.constantFrom(
  'example.com',
  'preview.example.com',
  'example.co.uk',
  'a.b.example.org',
  'dev.internal',
  'city.kawasaki.jp',
);
const hostingSuffix = fc.constantFrom('vercel.app', 'netlify.app', 'github.io', 'pages.dev');
const port = fc.constantFrom('', ':8443', ':3000', ':1', ':65535');
const path = fc.constantFrom('', '/', '/callback', '/a/b/', '/caf%C3%A9', '/a%2Fb', '/~x;y=1');
const query = fc.constantFrom('', '', '?x=1', '?tenant=a&b');

/** Wildcard entries of every kind that staging takes: bare, with prefix and suffix, under hosting suffixes. */
const wildcardEntry = fc
  .oneof(
    fc.tuple(fc.oneof(fc.constant(''), label), fc.oneof(fc.constant(''), label), domain),
    fc.tuple(fc.oneof(fc.constant(''), label), chars('abc019-_', 8, 20), hostingSuffix),
  )
  .chain(([prefix, suffix, parent]) =>
    fc.record({ scheme: fc.constantFrom('https', 'http'), port, path, query }).map((rest) => ({
      before: `${rest.scheme}://${prefix}`,
      after: `${suffix}.${parent}${rest.port}${rest.path}${rest.query}`,
    })),
  )
  .filter(({ before, after }) => allowed(`${before}*${after}`));

/** URIs near the border: fragments that matter to parsers, strung together. Plain random strings never get past the scheme. */
const crafted = fc
  .array(
    fc.constantFrom(
      ...[
        'http',
        'https',
        'HTTPS',
        'javascript',
        'myapp',
        ':',
        '/',
        '//',
        '\\',
        '@',
        '#',
        '?',
        '*',
        '.',
        '..',
        '%2e',
        '%2f',
        '%',
      ],
      ...[
        'localhost',
        '127.0.0.1',
        '127.1',
        '[::1]',
        'example.com',
        'evil.example',
        'vercel.app',
        '-app',
        'com',
        'xn--',
        'xn--a',
      ],
      ...[
        ':80',
        ':443',
        ':3000',
        ':*',
        ' ',
        '\n',
        '\t',
        '\u0000',
        '。',
        'é',
        '\ud800',
        '$',
        '{',
        '}',
        '&code=1',
        'https://',
        'http://',
      ],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const webUri = fc
  .tuple(
    fc.constantFrom('https://', 'http://'),
    fc.oneof(
      crafted,
      fc.webUrl({ withQueryParameters: true }).map((url) => url.replace(/^\w+:\/\//, '')),
    ),
  )
  .map(([scheme, rest]) => scheme + rest);
const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  crafted,
  webUri,
  fc.webUrl({ withFragments: true }),
);

/** Browsers open labels that begin or end in a hyphen, so the domain of such a host is asked for, too. */
const anySpelling = { validateHostname: false };

const runs = { numRuns: 2000 };

describe('redirect URIs, whatever is written', () => {
  it('never throw', () => {
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        for (const policy of policies) assert.equal(typeof allowed(one, policy), 'boolean');
        assert.equal(typeof matches(one, other), 'boolean');
        assert.equal(typeof explainRefusal([{ id: 'a', uri: other }], one).reason, 'string');
        assert.equal(typeof checkCorsOrigin(one, { kind: 'staging' }).allowed, 'boolean');
      }),
      runs,
    );
  });

  it('match themselves when they are registered and literal, and never when they hold a "*"', () => {
    fc.assert(
      fc.property(fc.oneof(webUri, crafted), (uri) => {
        if (uri.includes('*')) assert.equal(matches(uri, uri), false);
        else if (allowed(uri)) assert.equal(matches(uri, uri), true);
      }),
      runs,
    );
  });

  it('are read by a browser as the same host, port and path, where they are accepted', () => {
    let accepted = 0;
    fc.assert(
      fc.property(webUri, (uri) => {
        if (uri.includes('*') || !allowed(uri)) return;
        accepted += 1;
        const [, host, uriPort, rest] = /^https?:\/\/([^/?:[]+|\[[^\]]*\])(?::(\d+))?(.*)$/.exec(uri) ?? [];
        const browser = new URL(uri);
        assert.equal(browser.hostname, host);
        assert.equal(browser.port, uriPort ?? '');
        assert.equal(browser.username + browser.password + browser.hash, '');
        // The browser gives an origin without a path its slash and encodes the apostrophe of a query; nothing else changes.
        const spelled = `${browser.pathname}${browser.href.includes('?') ? browser.href.slice(browser.href.indexOf('?')) : ''}`;
        assert.equal(spelled, (rest?.startsWith('/') ? rest : `/${rest}`).replace(/(?<=\?.*)'/g, '%27'));
      }),
      { numRuns: 5000 },
    );
    assert.ok(accepted > 100, `only ${accepted} of the examples were accepted`);
  });

  it('are allowed in production only if they are allowed in staging, and under strict redirects only if also without', () => {
    fc.assert(
      fc.property(anything, (uri) => {
        if (allowed(uri, { kind: 'production', strict: true }))
          assert.ok(allowed(uri, { kind: 'production', strict: false }));
        if (allowed(uri, { kind: 'production', strict: false })) assert.ok(allowed(uri, staging));
        if (allowed(uri, { ...staging, asDefault: true })) assert.ok(!uri.includes('*'));
      }),
      runs,
    );
  });

  it('are CORS origins only in the form in which a browser sends them', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          webUri,
          crafted,
          fc.tuple(label, domain, port).map(([l, d, p]) => `https://${l}.${d}${p}`),
        ),
        (origin) => {
          if (checkCorsOrigin(origin, { kind: 'staging' }).allowed) assert.equal(new URL(origin).origin, origin);
        },
      ),
      runs,
    );
  });
});

describe('a wildcard entry', () => {
  it('covers what it stands for', () => {
    fc.assert(
      fc.property(wildcardEntry, chars('abc019', 1, 12), ({ before, after }, stoodFor) => {
        assert.equal(matches(`${before}*${after}`, `${before}${stoodFor}${after}`), true);
      }),
      runs,
    );
  });

  it('covers only hosts of one registrable domain, with the scheme, port, path and query of the entry', () => {
    const inserted = fc.oneof(label, crafted, fc.string(), fc.string({ unit: 'binary' }));
    let covered = 0;
    fc.assert(
      fc.property(wildcardEntry, inserted, ({ before, after }, stoodFor) => {
        const presented = `${before}${stoodFor}${after}`;
        if (!matches(`${before}*${after}`, presented)) return;
        covered += 1;
        const [entry, request] = [new URL(`${before}a${after}`), new URL(presented)];
        assert.match(stoodFor, /^[a-z0-9_-]+$/);
        assert.equal(getDomain(request.hostname, anySpelling), getDomain(entry.hostname, anySpelling));
        assert.equal(request.hostname.split('.').length, entry.hostname.split('.').length);
        for (const part of ['protocol', 'port', 'pathname', 'search', 'hash', 'username'] as const) {
          assert.equal(request[part], entry[part]);
        }
        assert.ok(findMatch([{ id: 'a', uri: `${before}*${after}` }], presented)?.viaWildcard);
      }),
      runs,
    );
    assert.ok(covered > 100, `only ${covered} of the examples were covered`);
  });

  it('covers nothing that differs in a byte outside the wildcard', () => {
    const byte = fc.oneof(fc.constantFrom(...'abz019-_./:@?#\\%* \n\t。'), fc.string({ minLength: 1, maxLength: 1 }));
    const change = fc.record({ at: fc.nat(), byte, how: fc.constantFrom('replace', 'insert', 'remove') });
    fc.assert(
      fc.property(wildcardEntry, chars('abc019', 1, 8), change, ({ before, after }, stoodFor, { at, byte, how }) => {
        const mutate = (text: string) => {
          const index = at % Math.max(text.length, 1);
          return (
            text.slice(0, index) + (how === 'remove' ? '' : byte) + text.slice(how === 'insert' ? index : index + 1)
          );
        };
        for (const presented of [`${before}${stoodFor}${mutate(after)}`, `${mutate(before)}${stoodFor}${after}`]) {
          // A letter put beside the wildcard, or one of a run taken away, changes what it stands for and nothing outside.
          const inside =
            presented.startsWith(before) && presented.endsWith(after) && presented.slice(before.length, -after.length);
          if (inside && /^[a-z0-9_-]+$/.test(inside)) continue;
          assert.equal(matches(`${before}*${after}`, presented), false);
        }
      }),
      runs,
    );
  });

  it('asks for the client secret and a click exactly under hosting suffixes', () => {
    fc.assert(
      fc.property(wildcardEntry, chars('abc019', 1, 8), ({ before, after }, stoodFor) => {
        const match = findMatch([{ id: 'a', uri: `${before}*${after}` }], `${before}${stoodFor}${after}`);
        const shared = /\.(?:vercel\.app|netlify\.app|github\.io|pages\.dev)(?=[:/?]|$)/.test(after);
        assert.equal(match?.needsClientSecret, shared);
        assert.equal(match?.needsConfirmation, shared);
      }),
      runs,
    );
  });
});

describe('an exact entry', () => {
  it('covers no other string', () => {
    fc.assert(
      fc.property(webUri, fc.oneof(webUri, crafted), (registered, presented) => {
        if (registered.includes('*') || registered === presented) return;
        assert.equal(matches(registered, presented), false);
        assert.equal(findMatch([{ id: 'a', uri: registered }], presented), null);
      }),
      runs,
    );
  });
});
