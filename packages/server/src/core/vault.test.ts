import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Vault, type VaultKey } from './vault.ts';

const key = (id: string, fill: number): VaultKey => ({ id, bytes: new Uint8Array(32).fill(fill) });
const place = 'signing_keys/key_1/environment_1';

describe('Vault', () => {
  it('opens what it sealed, whatever the text', () => {
    const vault = new Vault([key('01', 1)]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, where) => {
        assert.equal(vault.open(vault.seal(text, where), where), text);
      }),
    );
  });

  it('seals the same text differently each time, and shows neither text nor place', () => {
    const vault = new Vault([key('01', 1)]);
    const [one, two] = [vault.seal('the text', place), vault.seal('the text', place)];
    assert.match(one, /^v1\.01\.[\w-]+$/);
    assert.notEqual(one, two);
    const bytes = Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('latin1');
    assert.ok(!bytes.includes('the text') && !bytes.includes('signing_keys'));
  });

  it('does not open a record that was moved to another table, row or environment', () => {
    const vault = new Vault([key('01', 1)]);
    const sealed = vault.seal('secret', place);
    for (const elsewhere of [
      'jobs/key_1/environment_1',
      'signing_keys/key_2/environment_1',
      'signing_keys/key_1/environment_2',
      '',
    ])
      assert.throws(() => vault.open(sealed, elsewhere));
  });

  it('does not open a record of which one bit was changed', () => {
    const vault = new Vault([key('01', 1)]);
    const [, , body = ''] = vault.seal('secret', place).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => vault.open(`v1.01.${changed.toString('base64url')}`, place), `bit ${bit}`);
    }
  });

  it('does not open a shortened record: a short tag could be guessed', () => {
    const vault = new Vault([key('01', 1)]);
    const bytes = Buffer.from(vault.seal('', place).split('.')[2] ?? '', 'base64url');
    for (let length = 0; length < bytes.length; length++)
      assert.throws(
        () => vault.open(`v1.01.${bytes.subarray(0, length).toString('base64url')}`, place),
        /Not a sealed/,
      );
  });

  it('refuses what is not a record at all', () => {
    const vault = new Vault([key('01', 1)]);
    const sealed = vault.seal('secret', place);
    for (const text of [
      '',
      'v1',
      'v1.01',
      'v1.01.',
      `v2${sealed.slice(2)}`,
      `${sealed}.more`,
      ` ${sealed}`,
      `${sealed}\n`,
    ])
      assert.throws(() => vault.open(text, place), /Not a sealed record/, JSON.stringify(text));
  });

  it('reads with every key and writes with the first, so that a key can be replaced while it runs', () => {
    const before = new Vault([key('01', 1)]);
    const rotating = new Vault([key('02', 2), key('01', 1)]);
    const after = new Vault([key('02', 2)]);
    const old = before.seal('secret', place);

    assert.equal(rotating.open(old, place), 'secret');
    const again = rotating.seal(rotating.open(old, place), place);
    assert.match(again, /^v1\.02\./);
    assert.equal(after.open(again, place), 'secret');
    assert.throws(() => after.open(old, place), /'01' is not configured/);
    assert.deepEqual([rotating.primaryKeyId, rotating.knows('01'), after.knows('01')], ['02', true, false]);
  });

  it('does not open with another key under the same id', () => {
    const sealed = new Vault([key('01', 1)]).seal('secret', place);
    assert.throws(() => new Vault([key('01', 2)]).open(sealed, place));
  });

  it('makes a MAC that depends on key, purpose and message', () => {
    const vault = new Vault([key('02', 2), key('01', 1)]);
    const macs = [
      vault.mac('codes', '123456'),
      vault.mac('codes', '123457'),
      vault.mac('limits', '123456'),
      vault.mac('codes', '123456', '01'),
      // Purpose and message do not run into each other.
      vault.mac('code', 's123456'),
    ].map((mac) => mac.toString('hex'));
    assert.equal(new Set(macs).size, macs.length);
    assert.equal(vault.mac('codes', '123456').toString('hex'), macs[0]);
    assert.deepEqual(vault.mac('codes', 'x', '01'), new Vault([key('01', 1)]).mac('codes', 'x'));
    assert.equal(vault.mac('codes', 'x').length, 32);
    assert.throws(() => vault.mac('codes', 'x', '03'), /not configured/);
  });

  it('refuses keys that would not protect', () => {
    assert.throws(() => new Vault([{ id: '01', bytes: new Uint8Array(31) }]), /32 bytes/);
    for (const id of ['', '1', 'AA', 'v1.x', '0g']) assert.throws(() => new Vault([key(id, 1)]), /hex/);
    assert.throws(() => new Vault([key('01', 1), key('01', 2)]), /same id/);
  });
});
