import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emailKey, normalizeEmail } from './email.ts';

describe('An e-mail address', () => {
  it('keeps its local part and gets a lower-case ASCII domain', () => {
    assert.equal(normalizeEmail('Grace.Hopper+navy@Example.COM'), 'Grace.Hopper+navy@example.com');
    assert.equal(normalizeEmail('kontakt@bücher.example'), 'kontakt@xn--bcher-kva.example');
    assert.equal(normalizeEmail('kontakt@xn--bcher-kva.example'), 'kontakt@xn--bcher-kva.example');
    assert.equal(emailKey('Grace@example.com'), emailKey('gRACE@example.com'));
  });

  const refused: readonly [string, string][] = [
    ['nothing', ''],
    ['no @', 'grace.example.com'],
    ['two @', 'grace@evil.example@example.com'],
    ['a quoted local part', '"grace hopper"@example.com'],
    ['an encoded word', '=?utf-8?q?grace=40evil.example=3e?=@example.com'],
    ['a route of old relays', 'grace%evil.example@example.com'],
    ['another such route', 'evil.example!grace@example.com'],
    ['a comment', 'grace(comment)@example.com'],
    ['a local part in another script', 'grаce@example.com'],
    ['a dot at the start', '.grace@example.com'],
    ['two dots in a row', 'grace..hopper@example.com'],
    ['a space in front', ' grace@example.com'],
    ['a line break', 'grace@example.com\r\nBcc: eve@evil.example'],
    ['NUL', 'grace@example.com\0'],
    ['a domain without a dot', 'grace@localhost'],
    ['an IP address', 'grace@127.0.0.1'],
    ['an address literal', 'grace@[127.0.0.1]'],
    ['a number that a URL parser would take for an IP address', 'grace@1.0x7f'],
    ['a full-width domain', 'grace@ｅxample.com'],
    ['a ligature in the domain', 'grace@ofﬁce.example'],
    ['the Kelvin sign in the domain', 'grace@\u212Avin.example'],
    ['a port', 'grace@example.com:25'],
    ['a path', 'grace@example.com/evil'],
    ['an encoded dot', 'grace@example%2ecom'],
    ['a broken A-label', 'grace@xn--a.example'],
    ['a hyphen at the end of a label', 'grace@example-.com'],
    ['a trailing dot', 'grace@example.com.'],
    ['a local part of 65 octets', `${'g'.repeat(65)}@example.com`],
    ['more than 254 octets', `${'g'.repeat(60)}@${'example.'.repeat(30)}com`],
  ];
  for (const [what, address] of refused) {
    it(`is refused with ${what}`, () => assert.equal(normalizeEmail(address), null));
  }
});
