// biome-ignore-all lint/suspicious/noTemplateCurlyInString: an unfilled template in plain quotes is what is tested
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainRefusal } from './redirect-doctor.ts';

/** What the doctor says of `presented` where only `registered` is in the list. */
const differenceFrom = (registered: string, presented: string) =>
  explainRefusal([{ id: 'redirect_uri_1', uri: registered }], presented).closest?.difference;

type Row = [registered: string, presented: string, difference: RegExp];

const differences: Record<string, Row> = {
  'the scheme': [
    'https://example.com/cb',
    'http://example.com/cb',
    /^The scheme differs: "https:" is registered, "http:"/,
  ],
  'the case of the scheme': [
    'https://example.com/cb',
    'HTTPS://example.com/cb',
    /^The scheme differs in case: write "https:"/,
  ],
  'the host': [
    'https://example.com/cb',
    'https://www.example.com/cb',
    /^The host differs: "example.com" is .*"www.example.com"/,
  ],
  'the host, before the scheme': [
    'https://app.example.com/callback',
    'http://shop.example.net/callback',
    /^The host differs: "app.example.com" is registered, "shop.example.net"/,
  ],
  'the host, before the scheme, where one is this machine': [
    'https://app.example.com/callback',
    'http://localhost:3000/callback',
    /^The host differs: "app.example.com" is registered, "localhost"/,
  ],
  'the host of another domain than the wildcard’s, before the scheme': [
    'https://*.example.com/cb',
    'http://a.example.org/cb',
    /^The host differs: "\*.example.com" is registered/,
  ],
  'the scheme, where one of them has no host': ['com.example.app:/cb', 'https://example.com/cb', /^The scheme differs/],
  'the case of the host': ['https://example.com/cb', 'https://Example.com/cb', /^The host differs in case only/],
  'localhost and 127.0.0.1': [
    'http://localhost:3000/cb',
    'http://127.0.0.1:3000/cb',
    /"localhost" .* "127.0.0.1" .*this machine/,
  ],
  'localhost and [::1]': [
    'http://localhost:3000/cb',
    'http://[::1]:3000/cb',
    /"localhost" .* "\[::1\]" .*this machine/,
  ],
  'the port': ['http://localhost:3000/cb', 'http://localhost:3001/cb', /^The port differs: port 3000 .* port 3001/],
  'a port left out': ['http://localhost:3000/cb', 'http://localhost/cb', /^The port differs: port 3000 .* no port/],
  'a port left out of any': [
    'http://localhost:*/cb',
    'http://localhost/cb',
    /^The port differs: any port is registered, but the request names none/,
  ],
  'the path': [
    'https://example.com/callback',
    'https://example.com/calback',
    /^The path differs: "\/callback" .* "\/calback"/,
  ],
  'no path': ['https://example.com/callback', 'https://example.com', /^The path differs: "\/callback" .* no path/],
  'the case of the path': [
    'https://example.com/callback',
    'https://example.com/Callback',
    /^The path differs in case only/,
  ],
  'a trailing slash too many': [
    'https://example.com/cb',
    'https://example.com/cb/',
    /^The requested URI ends in a slash/,
  ],
  'a trailing slash too few': [
    'https://example.com/cb/',
    'https://example.com/cb',
    /^The registered URI ends in a slash/,
  ],
  'a slash for a path': ['http://localhost:5173', 'http://localhost:5173/', /^The requested URI ends in a slash/],
  'a query added': [
    'https://example.com/cb',
    'https://example.com/cb?next=/a',
    /^The query differs: none .*"\?next=\/a".*"state"/,
  ],
  'a query left out': [
    'https://example.com/cb?a=1',
    'https://example.com/cb',
    /^The query differs: "\?a=1" is registered, none/,
  ],
  'a query of another value': ['https://example.com/cb?a=1', 'https://example.com/cb?a=2', /"\?a=1" is .* "\?a=2" was/],
  'two labels for a wildcard': [
    'https://*.example.com/cb',
    'https://a.b.example.com/cb',
    /stands for one label; "a.b" has a dot/,
  ],
  'a label that lacks the suffix': [
    'https://*-app.example.com/cb',
    'https://a.example.com/cb',
    /does not have the form "\*-app.example.com"/,
  ],
  'an upper-case label': ['https://*.example.com/cb', 'https://A.example.com/cb', /in case: write "a.example.com"/],
  'another domain than the wildcard’s': [
    'https://*.example.com/cb',
    'https://a.example.org/cb',
    /^The host differs: "\*.example.com"/,
  ],
  'the path behind a matching wildcard': [
    'https://*.example.com/cb',
    'https://a.example.com/callback',
    /^The path differs/,
  ],
  'a private-use scheme': ['myapp://callback', 'otherapp://callback', /^The scheme differs/],
};

describe('the first difference from the closest entry', () => {
  for (const [name, [registered, presented, difference]] of Object.entries(differences)) {
    it(`is ${name}`, () => assert.match(differenceFrom(registered, presented) ?? 'none', difference));
  }
});

describe('the closest entry', () => {
  const entries = [
    { id: 'redirect_uri_prod', uri: 'https://app.example.com/callback' },
    { id: 'redirect_uri_local', uri: 'http://localhost:3000/callback' },
    { id: 'redirect_uri_other', uri: 'http://localhost:3000/auth/return' },
    { id: 'redirect_uri_wild', uri: 'https://*.preview.example.com/callback' },
    { id: 'redirect_uri_native', uri: 'com.example.app:/callback' },
  ];
  const closest = (presented: string) => explainRefusal(entries, presented).closest?.id;

  it('is the one a slip of the hand away', () => {
    assert.deepEqual(
      {
        'another port': closest('http://localhost:3001/callback'),
        'another path': closest('http://localhost:3000/auth/retrun'),
        'the other loopback': closest('http://127.0.0.1:3000/callback'),
        'http for https': closest('http://app.example.com/callback'),
        'two labels': closest('https://a.b.preview.example.com/callback'),
        'native path': closest('com.example.app:/cb'),
      },
      {
        'another port': 'redirect_uri_local',
        'another path': 'redirect_uri_other',
        'the other loopback': 'redirect_uri_local',
        'http for https': 'redirect_uri_prod',
        'two labels': 'redirect_uri_wild',
        'native path': 'redirect_uri_native',
      },
    );
  });

  it('is repeated in the reason, whole', () => {
    assert.deepEqual(explainRefusal(entries, 'http://localhost:3000/callback/'), {
      reason: 'This URI is not registered. The requested URI ends in a slash, the registered one does not.',
      closest: {
        id: 'redirect_uri_local',
        uri: 'http://localhost:3000/callback',
        difference: 'The requested URI ends in a slash, the registered one does not.',
      },
      suggestion: null,
    });
  });

  it('is none in an empty list, and none that cannot be read', () => {
    const none = {
      reason: 'No URI is registered yet. Register the one the app sends.',
      closest: null,
      suggestion: null,
    };
    assert.deepEqual(explainRefusal([], 'https://example.com/cb'), none);
    assert.deepEqual(explainRefusal([{ id: 'redirect_uri_1', uri: 'rubbish' }], 'https://example.com/cb'), none);
  });
});

describe('a request that is no redirect URI at all', () => {
  const entries = [{ id: 'redirect_uri_1', uri: 'https://example.com/callback' }];

  it('is told the placeholder nobody filled in', () => {
    const { reason, closest } = explainRefusal(entries, 'https://${VERCEL_URL}/callback');
    assert.match(reason, /^The URI contains \$\{VERCEL_URL\} as plain text/);
    assert.equal(closest, null);
    assert.match(explainRefusal(entries, 'https://undefined/callback').reason, /^The word "undefined"/);
  });

  it('is told the byte that is wrong', () => {
    assert.match(explainRefusal(entries, 'https://example.com/callback#/').reason, /fragment/);
    assert.match(explainRefusal(entries, 'https://good.example\\@evil.example/').reason, /backslash/);
    assert.match(explainRefusal(entries, 'example.com/callback').reason, /https:\/\/example.com\/callback/);
  });

  it('is told that a pattern is not a host', () => {
    assert.match(explainRefusal(entries, 'https://*.example.com/callback').reason, /holds a "\*" itself/);
  });
});

describe('a wildcard for previews', () => {
  const suggestion = (presented: string, policy?: Parameters<typeof explainRefusal>[2]) =>
    explainRefusal([], presented, policy).suggestion;

  it('is suggested with the ending that is the team’s own', () => {
    assert.equal(
      suggestion('https://app-x1-gitethanwoos-projects.vercel.app/callback'),
      'https://*-gitethanwoos-projects.vercel.app/callback',
    );
    assert.equal(suggestion('https://shop-git-main-acme-inc.vercel.app/cb'), 'https://*-acme-inc.vercel.app/cb');
    assert.equal(
      suggestion('https://deploy-preview-7--acme-shop.netlify.app/cb'),
      'https://*--acme-shop.netlify.app/cb',
    );
  });

  it('is suggested under a domain of one’s own that looks like previews', () => {
    assert.equal(suggestion('https://pr-12.example.com/cb'), 'https://*.example.com/cb');
    assert.equal(suggestion('https://blue.preview.example.com:8443/cb'), 'https://*.preview.example.com:8443/cb');
  });

  it('stands in the reason', () => {
    assert.match(
      explainRefusal([], 'https://pr-12.example.com/cb').reason,
      /register https:\/\/\*\.example\.com\/cb\.$/,
    );
  });

  it('is not suggested where it would not be allowed, or where nothing looks like a preview', () => {
    for (const presented of [
      'https://app.vercel.app/cb',
      'https://a-b.vercel.app/cb',
      'https://x--shop.netlify.app/cb',
      'https://www.example.com/cb',
      'https://pr-12.com/cb',
      'http://localhost:3000/cb',
      'http://[::1]:3000/cb',
      'myapp://pr-1.example.com/cb',
    ]) {
      assert.equal(suggestion(presented), null, presented);
    }
  });

  it('follows the policy it is given', () => {
    const presented = 'https://app-x1-gitethanwoos-projects.vercel.app/callback';
    assert.equal(suggestion(presented, { kind: 'staging', strict: true }), null);
    assert.equal(suggestion(presented, { kind: 'production', strict: false }), null);
    assert.equal(
      suggestion('https://pr-1.example.com/cb', { kind: 'production', strict: false }),
      'https://*.example.com/cb',
    );
  });
});
