import assert from 'node:assert/strict';
import { it } from 'node:test';
import { warningsAt } from './warnings.ts';

const about = (env: Record<string, string>, publicUrl?: string): string[] =>
  warningsAt(env, publicUrl).map((line) => line.split(' ', 2).join(' '));

it('tells of variables that nothing reads, and of what looks like one that is misspelled', () => {
  assert.deepEqual(about({ AUTHKIT_PORT: '1', AUTHKIT_TEST_CHROMIUM: 'x', PATH: '/bin', HOME: '/' }), [
    'AUTHKIT_PORT is',
  ]);
  assert.deepEqual(about({ DATABSE_URL: 'x', LOGLEVEL: 'x', OUTBOUND_NETWORK: 'x', HTTP_PROXY: 'x' }), [
    'DATABSE_URL is',
    'LOGLEVEL is',
    'OUTBOUND_NETWORK is',
  ]);
  // Two programs may each have their own.
  assert.deepEqual(about({ DATABASE_URI: 'x', DATABASE_URL: 'x', LOG_LEVEL: 'info', OUTBOUND_NETWORKS: '' }), []);
});

it('tells of a public address that is not encrypted, unless it is this machine’s', () => {
  assert.deepEqual(about({}, 'http://auth.example.com'), ['Over http://auth.example.com']);
  for (const url of ['https://auth.example.com', 'http://localhost:4100', 'http://127.0.0.1:4100', 'http://[::1]:4100'])
    assert.deepEqual(about({}, url), [], url);
});
