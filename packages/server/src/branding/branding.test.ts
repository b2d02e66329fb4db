import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { InvalidRequestParameters, systemTenant } from '../core/index.ts';
import { type Brand, ownBrand } from './brand.ts';
import { contrast, parseHex, standingOut } from './color.ts';
import { familyOf, fonts } from './fonts.ts';
import { readImage } from './image.ts';
import { lookOf, ownLook } from './index.ts';
import { ownTextFaults } from './own-texts.ts';
import { measure, themeOf } from './palette.ts';
import { modes, ownPalettes, tokensOf } from './tokens.ts';

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const colors = fc.record({
  page: fc.option(color),
  button: fc.option(color),
  button_text: fc.option(color),
  link: fc.option(color),
});
const brands = fc
  .record({
    light: colors,
    dark: colors,
    radius: fc.integer({ min: 0, max: 20 }),
    font: fc.constantFrom(...fonts),
  })
  .map((look): Brand => ({ ...ownBrand, ...look }));

const ratio = (one: string, other: string) => contrast(parseHex(one), parseHex(other));

describe('colours', () => {
  it('measure contrast as WCAG does', () => {
    assert.equal(ratio('#000000', '#ffffff'), 21);
    assert.equal(ratio('#777777', '#ffffff').toFixed(2), '4.48');
    assert.equal(ratio('#123456', '#123456'), 1);
  });

  it('find a shade that stands out from any one ground', () => {
    fc.assert(
      fc.property(color, color, (wanted, ground) => {
        assert.ok(contrast(standingOut(parseHex(wanted), [parseHex(ground)], 4.5), parseHex(ground)) >= 4.5);
      }),
    );
  });

  it('are readable whatever an operator chooses: text 4.5, controls 3, in every state (UI 33, 44)', () => {
    fc.assert(
      fc.property(brands, (brand) => {
        const { palettes } = themeOf(brand);
        for (const mode of modes) {
          const palette = palettes[mode];
          for (const ground of ['brand', 'brand-hover', 'brand-active'] as const)
            assert.ok(ratio(palette['brand-text'], palette[ground]) >= 4.5, `text on ${ground}`);
          for (const ground of ['surface', 'sunken'] as const) {
            assert.ok(ratio(palette.link, palette[ground]) >= 4.5, `link on ${ground}`);
            assert.ok(ratio(palette['text-faint'], palette[ground]) >= 4.5, `text on ${ground}`);
          }
          assert.ok(ratio(palette['page-soft'], palette.page) >= 4.5, 'text on page');
          assert.ok(ratio(palette.focus, palette.surface) >= 3, 'focus');
          const edge = palette['brand-line'] === 'transparent' ? palette.brand : palette['brand-line'];
          assert.ok(ratio(edge, palette.surface) >= 3, 'edge of the button');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stay as chosen where they can be read, and report it where they cannot', () => {
    const chosen = { page: '#ffffff', button: '#ffee00', button_text: '#ffffff', link: '#ffee00' };
    const found = measure({ ...ownBrand, light: chosen });
    assert.deepEqual(
      found.map(({ color, chosen, chosenRatio, shownRatio, required }) => [
        color,
        chosen,
        chosenRatio < required,
        shownRatio >= required,
      ]),
      [
        ['page', '#ffffff', false, true],
        ['button', '#ffee00', true, true],
        ['button_text', '#ffffff', true, true],
        ['link', '#ffee00', true, true],
      ],
    );
    const { palettes } = themeOf({ ...ownBrand, light: chosen });
    assert.deepEqual([palettes.light.brand, palettes.light['brand-text']], ['#ffee00', '#000000']);
    assert.deepEqual(palettes.dark, ownPalettes.dark);
    assert.deepEqual(themeOf(ownBrand).palettes, ownPalettes);
    assert.deepEqual(measure(ownBrand), []);
  });

  it('cannot leave their declaration', () => {
    fc.assert(
      fc.property(brands, (brand) => {
        const css = tokensOf(themeOf(brand));
        assert.equal(css.split('{').length, css.split('}').length);
        assert.doesNotMatch(css, /[<>]|url|@import/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('appearance', () => {
  it('of one mode has no other (UI 43)', () => {
    for (const mode of modes) {
      const css = tokensOf(lookOf({ ...ownBrand, appearance: mode }, 'env'));
      assert.ok(css.includes(`color-scheme: ${mode};`));
      assert.doesNotMatch(css, /prefers-color-scheme/);
      assert.ok(css.includes(`--surface: ${ownPalettes[mode].surface};`));
    }
    assert.match(tokensOf(ownLook), /color-scheme: light dark;.*prefers-color-scheme: dark/s);
  });
});

describe('typefaces', () => {
  it('are families that devices bring, and end with one that every device has and a generic word', () => {
    for (const font of fonts) {
      const names = familyOf(font).split(', ');
      assert.match(names.at(-1) ?? '', /^(sans-serif|serif|monospace)$/, font);
      assert.match(
        names.at(-2) ?? '',
        /^(Arial|Verdana|"Trebuchet MS"|"Times New Roman"|Georgia|"Courier New")$/,
        font,
      );
      for (const name of names) assert.match(name, /^(-?[a-zA-Z-]+|"[A-Za-z -]+ [A-Za-z -]+")$/, font);
      assert.doesNotMatch(familyOf(font, "'"), /"/);
    }
    assert.equal(new Set(fonts.map((font) => familyOf(font))).size, fonts.length);
  });
});

describe('own texts', () => {
  it('are plain text for the messages on the list, with their placeholders', () => {
    assert.deepEqual(
      ownTextFaults({ 'signIn.toContinue': 'Welcome to {app} <3', 'password.heading': 'Say friend' }),
      [],
    );
    for (const [key, text] of [
      ['signIn.signIn', 'Enter'],
      ['constructor', 'x'],
      ['signIn.title', ''],
      ['signIn.title', 'x'.repeat(201)],
      ['signIn.title', 'Welcome {name}'],
      ['signIn.toContinue', '{app, select, other {x}}'],
      ['signIn.toContinue', '{app'],
      ['signIn.toContinue', '{count, plural, other {#}}'],
      ['signIn.toContinue', 'a\u202eb'],
      ['signIn.toContinue', 'a\nb'],
    ] as const)
      assert.equal(ownTextFaults({ [key]: text }).length, 1, `${key} ${text}`);
  });
});

describe('images', () => {
  const tenant = systemTenant('environment_1');
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const read = (bytes: Buffer | string) => readImage(tenant, Buffer.from(bytes).toString('base64'));

  it('are what their bytes say', () => {
    const { mediaType, width, height, id } = read(png);
    assert.deepEqual([mediaType, width, height], ['image/png', 1, 1]);
    assert.notEqual(readImage(systemTenant('environment_2'), png.toString('base64')).id, id);
    const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108002000300301220002110103110100', 'hex');
    assert.deepEqual([read(jpeg).mediaType, read(jpeg).width, read(jpeg).height], ['image/jpeg', 48, 32]);
    const webp = Buffer.alloc(30);
    webp.write('RIFF\0\0\0\0WEBPVP8X', 'latin1');
    webp.writeUIntLE(99, 24, 3);
    webp.writeUIntLE(49, 27, 3);
    assert.deepEqual([read(webp).mediaType, read(webp).width, read(webp).height], ['image/webp', 100, 50]);
  });

  it('are no documents, no bombs, and not large', () => {
    const huge = Buffer.from(png);
    huge.writeUInt32BE(30_000, 16);
    for (const [bytes, code] of [
      ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'image_type_unsupported'],
      ['<!doctype html><script>alert(1)</script>', 'image_type_unsupported'],
      ['GIF89a', 'image_type_unsupported'],
      ['', 'image_type_unsupported'],
      [png.subarray(0, 20), 'image_type_unsupported'],
      [Buffer.from('ffd8ffff', 'hex'), 'image_type_unsupported'],
      [huge, 'image_dimensions'],
      [Buffer.concat([png, Buffer.alloc(256 * 1024)]), 'image_too_large'],
    ] as const) {
      assert.throws(
        () => read(bytes as Buffer),
        (error) => error instanceof InvalidRequestParameters && JSON.stringify(error.extras).includes(code),
        code,
      );
    }
  });
});
