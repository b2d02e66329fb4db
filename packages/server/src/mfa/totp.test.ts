import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { codeOfStep } from '../../test/authenticator-app.ts';
import { Secret } from '../core/index.ts';
import { qrCodeImage, qrCodeMarkup } from './qr-code.ts';
import { keyUri, newSeed, readSeed, stepOf } from './totp.ts';

/** RFC 6238 appendix B: the seed is the ASCII text 12345678901234567890; of its eight digits we take the last six. */
const seed = new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const vectors: readonly (readonly [seconds: number, code: string])[] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];

describe('codes of authenticator apps (RFC 6238)', () => {
  it('are the ones of appendix B', () => {
    for (const [seconds, code] of vectors) {
      assert.equal(stepOf(seed, code, new Date(seconds * 1000)), Math.floor(seconds / 30));
      assert.equal(codeOfStep(seed.reveal(), Math.floor(seconds / 30)), code);
    }
  });

  it('are taken one step early and one step late, and no further', () => {
    const step = 41_152_263;
    const at = new Date(step * 30_000 + 12_345);
    const found = [-3, -2, -1, 0, 1, 2, 3].map((later) => stepOf(seed, codeOfStep(seed.reveal(), step + later), at));
    assert.deepEqual(found, [null, null, step - 1, step, step + 1, null, null]);
  });

  it('have six digits and nothing else', () => {
    const at = new Date(59_000);
    for (const code of ['', '28708', '2870821', ' 287082', '287 082', '28708２', '0x2870', '-87082']) {
      assert.equal(stepOf(seed, code, at), null, code);
    }
  });
});

describe('seeds', () => {
  it('are drawn with 160 bits, each another', () => {
    const drawn = Array.from({ length: 50 }, () => newSeed().reveal());
    for (const one of drawn) assert.match(one, /^[A-Z2-7]{32}$/);
    assert.equal(new Set(drawn).size, drawn.length);
  });

  it('are read as people and other systems write them', () => {
    const wanted = 'JBSWY3DPEHPK3PXP';
    for (const given of [wanted, 'jbsw y3dp ehpk 3pxp', 'JBSW-Y3DP-EHPK-3PXP', `${wanted}====`])
      assert.equal(readSeed(given)?.reveal(), wanted);
  });

  it('are refused when they are short, absurdly long, or not base32', () => {
    for (const given of ['', 'JBSWY3DPEHPK3PX', 'JBSWY3DPEHPK3PX1', 'JBSWY3DPEHPK3PXÖ', 'A'.repeat(105)])
      assert.equal(readSeed(given), null, given);
  });
});

describe('the address an app scans', () => {
  it('names issuer, account and parameters', () => {
    const uri = new URL(keyUri(seed, 'Acme & Söhne', 'ada+x@example.com'));
    assert.equal(uri.protocol, 'otpauth:');
    assert.equal(decodeURIComponent(uri.pathname.replace(/^.*\//, '')), 'Acme & Söhne:ada+x@example.com');
    assert.deepEqual(Object.fromEntries(uri.searchParams), {
      issuer: 'Acme & Söhne',
      secret: seed.reveal(),
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });

  it('has one colon between the two names, whatever they are', () => {
    const uri = keyUri(seed, 'a:b', 'c:d');
    assert.equal(decodeURIComponent(new URL(uri).pathname.replace(/^.*\//, '')), 'a b:c d');
  });
});

describe('the QR code', () => {
  const uri = keyUri(seed, 'Acme', 'ada@example.com');

  it('is a PNG that decodes to the modules of the markup', () => {
    const [, base64 = ''] = /^data:image\/png;base64,([A-Za-z0-9+/=]+)$/.exec(qrCodeImage(uri)) ?? [];
    const png = Buffer.from(base64, 'base64');
    assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
    const width = png.readUInt32BE(16);
    assert.equal(png.readUInt32BE(20), width);
    const idat = png.indexOf('IDAT');
    const pixels = inflateSync(png.subarray(idat + 4, idat + 4 + png.readUInt32BE(idat - 4)));
    const stride = 1 + Math.ceil(width / 8);
    assert.equal(pixels.length, stride * width);
    const scale = 6;
    const dark = new Set<string>();
    for (let y = 0; y < width; y += scale) {
      for (let x = 0; x < width; x += scale) {
        if (((pixels[y * stride + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0) dark.add(`${x / scale} ${y / scale}`);
      }
    }
    const runs = qrCodeMarkup(uri, 'QR code').markup.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g);
    const drawn = [...runs].flatMap(([, x, y, length]) =>
      Array.from({ length: Number(length) }, (_, index) => `${Number(x) + index} ${y}`),
    );
    assert.ok(drawn.length > 300);
    assert.deepEqual([...dark].sort(), drawn.sort());
  });
});
