// biome-ignore-all lint/suspicious/noTemplateCurlyInString: an unfilled template in plain quotes is what is tested
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCorsOrigin } from './cors-origin-rules.ts';

type Row = [origin: string, staging: string, production: string, why: string];

const everywhere = (origin: string, answer: string, why: string): Row => [origin, answer, answer, why];

const rows: Row[] = [
  everywhere('https://example.com', 'ok', 'the ordinary case'),
  everywhere('https://app.example.com:8443', 'ok', 'a port of its own'),
  everywhere('https://203.0.113.7', 'ok', 'an address'),
  everywhere('https://[2001:db8::1]', 'ok', 'an IPv6 address'),
  everywhere('https://xn--bcher-kva.example', 'ok', 'an international name'),
  ['http://localhost:3000', 'ok', 'http_in_production', 'development'],
  ['http://127.0.0.1:5173', 'ok', 'http_in_production', 'no exception for loopback'],
  ['http://example.com', 'ok', 'http_in_production', 'unencrypted'],
  ['https://localhost:3000', 'ok', 'localhost_in_production', 'a local certificate'],
  ['https://acme.localhost', 'ok', 'localhost_in_production', 'a name of this machine'],
  everywhere('null', 'null_origin', 'sandboxed frames of anybody'),
  everywhere('*', 'wildcard', 'everybody'),
  everywhere('https://*', 'wildcard', 'everybody on https'),
  everywhere('https://*.example.com', 'wildcard', 'a pattern'),
  ['http://localhost:*', 'wildcard', 'wildcard', 'a pattern for ports'],
  everywhere('', 'empty', 'nothing'),
  everywhere('https://example.com/', 'not_an_origin', 'browsers send no slash'),
  everywhere('https://example.com/app', 'not_an_origin', 'a page'),
  everywhere('https://example.com?x', 'not_an_origin', 'a query'),
  everywhere('https://example.com#x', 'fragment', 'a fragment'),
  everywhere('https://example.com:443', 'not_canonical', 'browsers leave the default port out'),
  ['http://example.com:80', 'not_canonical', 'not_canonical http_in_production', 'browsers leave the default port out'],
  everywhere('https://Example.com', 'not_canonical', 'browsers send lower case'),
  everywhere('HTTPS://example.com', 'not_canonical', 'browsers send lower case'),
  everywhere('https://example.com.', 'host_trailing_dot', 'another string'),
  everywhere('https://127.1', 'not_canonical', 'browsers send 127.0.0.1'),
  everywhere('https://user@example.com', 'userinfo', 'no part of an origin'),
  everywhere('https://example.com:0', 'port_malformed', 'no port'),
  everywhere('https://example.com https://b.example', 'space', 'a list'),
  everywhere('https://example.com,https://b.example', 'host_malformed port_malformed', 'a list'),
  everywhere('https://example.com\n', 'control_character', 'a line break'),
  everywhere('https://bücher.example', 'non_ascii', 'browsers send xn--'),
  everywhere('example.com', 'scheme_missing', 'no scheme'),
  everywhere('localhost:3000', 'scheme_missing', 'no scheme'),
  everywhere('//example.com', 'scheme_missing', 'no scheme'),
  everywhere('https://', 'host_missing', 'no host'),
  everywhere('javascript:alert(1)', 'scheme_forbidden', 'no origin'),
  everywhere('file:///', 'scheme_forbidden', 'no origin'),
  everywhere('myapp://callback', 'scheme_forbidden', 'no page is served from it'),
  everywhere('https://${VERCEL_URL}', 'placeholder', 'nobody filled it in'),
];

describe('which origins may be allowed', () => {
  for (const [origin, inStaging, inProduction, why] of rows) {
    it(`${JSON.stringify(origin)}: ${why}`, () => {
      const verdicts = (['staging', 'production'] as const).map((kind) => {
        const check = checkCorsOrigin(origin, { kind });
        return check.allowed ? 'ok' : check.problems.map(({ code }) => code).join(' ');
      });
      assert.deepEqual(verdicts, [inStaging, inProduction]);
    });
  }

  it('takes only what a browser sends as Origin', () => {
    for (const [origin, inStaging] of rows) if (inStaging === 'ok') assert.equal(new URL(origin).origin, origin);
  });

  it('names the origin it would take', () => {
    const check = checkCorsOrigin('https://example.com/app?x=1', { kind: 'production' });
    assert.match(
      check.allowed ? '' : (check.problems[0]?.message ?? ''),
      /Write https:\/\/example\.com, with nothing after it/,
    );
  });
});
