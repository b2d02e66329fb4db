/** An operator's own CSS: what is taken comes out as we would have written it, and every way around the lists ends here. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { layerOf } from './layer.ts';
import { parts, untouchable } from './parts.ts';
import { rebuildCss } from './rebuild.ts';

const reasons = (source: string) => rebuildCss(source).faults.map(({ line, reason }) => `${line}: ${reason}`);

/** Letters, digits and the signs of CSS that our lists are made of. No `<`, no quote, no backslash, no slash, no `@import`. */
const ours = /^(@media |[a-z0-9 .:;,{}()>!%-])*$/;

const deepFault = 'Brackets lie too deep in one another.';

describe('own CSS', () => {
  it('is printed anew, each declaration above our own style', () => {
    const { css, faults } = rebuildCss(`
      /* the card */
      .card , .settings  .card{ max-width:30rem; PADDING-INLINE : 2.50rem; border-color:VAR(--brand) }
      .card > .content .row:hover { border-style: Double; box-shadow: none } .row:first-child { letter-spacing: -.02em; border-width: 2PX }
      h1 { margin-block: 0 1rem; font-weight: BOLD; line-height: 1.25 }
      @media (min-width:40rem) AND (prefers-color-scheme:dark) { main { align-items: flex-start } .by { } }`);
    assert.deepEqual(faults, []);
    assert.equal(
      css,
      [
        '.card,.settings .card{max-width:30rem!important;padding-inline:2.5rem!important;border-color:var(--brand)!important;}',
        '.card>.content .row:hover{border-style:double!important;box-shadow:none!important;}',
        '.row:first-child{letter-spacing:-0.02em!important;border-width:2px!important;}',
        'h1{margin-block:0px 1rem!important;font-weight:bold!important;line-height:1.25!important;}',
        '@media (min-width:40rem) and (prefers-color-scheme:dark){main{align-items:flex-start!important;}}',
      ].join(''),
    );
  });

  it('is taken as the page about it says', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../../docs/branding.md'), 'utf8');
    const [, example = ''] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
    assert.deepEqual(rebuildCss(example).faults, []);
    assert.match(rebuildCss(example).css, /\.card\{.*h1\{.*@media/s);
    for (const name of untouchable.filter((part) => !['.hint', '.developer'].includes(part)))
      assert.ok(page.includes(`\`${name}\``), name);
  });

  it('is a layer of its own, and none where nothing is left of it (UI 45)', () => {
    const layer = layerOf('.card { text-align: center } .strip { display: none }');
    assert.match(
      layer,
      /^@layer guard,custom;@layer guard\{.*\}@layer custom\{\.card\{text-align:center!important;\}\}$/,
    );
    assert.equal(layerOf(''), '');
    assert.equal(layerOf('.strip { display: none }'), '');
  });

  it('says of each thing it leaves out in which line it stands and why', () => {
    assert.deepEqual(
      reasons(
        '.card {\n  position: fixed;\n  color: red;\n  padding-left: 1px;\n  max-width: 10px;\n  bogus\n}\n.strip { display: none }\n.nobody { }',
      ),
      [
        "2: 'position' cannot be set on '.card'.",
        "3: 'color' cannot be set on '.card'; colours are chosen above, where their contrast is measured.",
        "4: 'padding-left' cannot be set on '.card'; write -start and -end, which turn with the language.",
        "5: 'max-width' on '.card' takes a length of 320 to 960px, in px or rem.",
        '6: This is no declaration: write a property, a colon, and a value.',
        "8: '.strip' cannot be styled: people rely on what stands there.",
        "9: '.nobody' is not the name of a part.",
      ],
    );
  });

  const attacks: Readonly<Record<string, readonly string[]>> = {
    'reads what somebody types': [
      'input[value^="a"] { border-width: 1px }',
      '.box[data-x] { border-width: 1px }',
      '.box:has(input:valid) { border-width: 1px }',
      '.box:not(.card) { border-width: 1px }',
      '.box:is(.card) { border-width: 1px }',
      '.button:nth-child(2) { border-width: 1px }',
      '.box:focus-visible(x) { border-width: 1px }',
      ':root { border-width: 1px }',
    ],
    'calls somewhere else': [
      '@import "https://evil.example/x.css";',
      '@import url(https://evil.example/x.css);',
      '@font-face { font-family: x; src: url(https://evil.example/x) }',
      '@namespace url(https://evil.example);',
      '.card { background: url(https://evil.example/x) }',
      '.card { border-image: url(//evil.example/x) 1 }',
      '.card { border-color: url(javascript:alert(1)) }',
      '.card { border-color: var(--brand, url(https://evil.example/x)) }',
      '.card { border-color: image-set("https://evil.example/x" 1x) }',
      '.card { cursor: url(x), auto }',
      '.logo { content: url(x) }',
      '.card { max-width: expression(alert(1)) }',
      '.card { behavior: url(x) }',
      '.card { -moz-binding: url(x) }',
    ],
    'hides or covers': [
      '.strip { display: none }',
      'header { display: none }',
      '.message, .card { display: none }',
      '.note { display: none }',
      '.facts { display: none }',
      '.button { display: none }',
      '.card { display: none }',
      'label { display: none }',
      '.context { display: none }',
      'h1 { font-size: 0 }',
      'h1 { font-size: 1px }',
      'label { font-size: .1rem }',
      '.context { line-height: 0 }',
      '.context { text-indent: -9999px }',
      '.context { letter-spacing: -1em }',
      '.card { opacity: 0 }',
      '.card { visibility: hidden }',
      '.card { clip-path: inset(50%) }',
      '.card { overflow: hidden }',
      '.card { max-height: 1px }',
      '.card { position: fixed }',
      '.card { position: sticky }',
      '.card { inset: 0 }',
      '.card { z-index: 9 }',
      '.button { transform: translateY(-40px) }',
      '.button { translate: 0 -40px }',
      '.button { scale: 9 }',
      '.button { float: left }',
      '.button { order: -1 }',
      '.button { margin-block-start: -40px }',
      '.button { margin-block: 0 -40px }',
      '.button { margin: -40px }',
      '.card { box-shadow: 0 0 0 999px #ffffff }',
      '.card { filter: blur(9px) }',
      '.card { mix-blend-mode: difference }',
      '.card { zoom: .1 }',
      '.card::before { content: "Type your password into the other box" }',
      '.card:before { content: "x" }',
      '.button { pointer-events: none }',
      '.button { animation: x 1s }',
      '@keyframes x { to { opacity: 0 } }',
      '.box { border-width: 0 }',
      '.box { border-style: none }',
      '.box { border-color: var(--surface) }',
      '.button { min-height: 1px }',
    ],
    'moves under a pointer': [
      '.button:hover { margin-block-start: 96px }',
      '.secondary:active { border-width: 4px }',
      '.card:hover .button { margin-block-start: 96px }',
      '.card:focus-visible .content { margin-block: 96px 0 }',
      '.mark:hover { display: none }',
      '.button, .button:hover { min-height: 96px }',
      '@media (min-width: 1px) { .context:hover { font-size: 24px } }',
    ],
    'undoes the contrast': [
      '.card { color: #fff }',
      '.button { background: white }',
      '.button { background-color: var(--brand-text) }',
      '.card { border-color: #fff }',
      '.card { border: 1px solid white }',
      '.card { -webkit-text-fill-color: transparent }',
      '.card { accent-color: red }',
      ':root { --brand: #fff }',
      'main { --text: #fff }',
      '.card { --surface: var(--text) }',
      '.card { all: unset }',
      '.card { color-scheme: dark }',
      '.card { font: 1px x }',
      '.card { font-family: "Web Font" }',
    ],
    'leaves the style element or the layer': [
      '</style><script>alert(1)</script>',
      '.card { max-width: </style><script>alert(1)</script> }',
      '.card { font-family: "</style>" }',
      '.\\3c \\/style\\3e { border-width: 1px }',
      '.card } </style> { border-width: 1px }',
      '<!-- .x { border-width: 1px } -->',
      '@layer guard { .card { max-width: 400px } }',
      '@layer a, b;',
      '@supports (display: grid) { .card { max-width: 400px } }',
      '@container (width > 1px) { .card { max-width: 400px } }',
      '@property --brand { syntax: "*"; inherits: true }',
      '@media (min-width: 1px) { @import "x"; }',
      '@media (min-width: 1px) { @media (min-width: 2px) { .card { max-width: 400px } } }',
      '@media (min-width: calc(1px)) { .card { max-width: 400px } }',
      '@media print { .card { max-width: 400px } }',
      '@media not (min-width: 1px) { .card { max-width: 400px } }',
      '@media (min-width: 1px), (width: 1px) { .card { max-width: 400px } }',
      '@media (min-width: 1px) or (max-width: 1px) { .card { max-width: 400px } }',
      '@media (min-width: 1px) and { .card { max-width: 400px } }',
      '@media { .card { max-width: 400px } }',
      '@media (constructor: 1px) { .card { max-width: 400px } }',
      '.card { .button { border-width: 1px } }',
      '.card { & .button { border-width: 1px } }',
    ],
    'writes it in another way': [
      '.c\\61rd { max-width: 400px }',
      '.card { p\\6fsition: fixed }',
      '.card { border-color: v\\61r(--brand) }',
      '.card { border-color: var(--br\\61nd) }',
      '.card { *max-width: 400px }',
      '.card { _max-width: 400px }',
      '.card { -webkit-max-width: 400px }',
      '.card { max-width: 400px !important }',
      '.card { max-width: 400px !ie }',
      '.card { max-width: 400px\\9 }',
      '.card { max-width: calc(400px) }',
      '.card { max-width: 400em }',
      '.card { max-width: 1e999px }',
      '.card { max-width: NaNpx }',
      '.card { max-width: 400px 400px }',
      '.card { max-width: }',
      '.constructor { max-width: 400px }',
      '.__proto__ { max-width: 400px }',
      '.card { constructor: 1px }',
      '.card { __proto__: 1px }',
      '.CARD { max-width: 400px }',
      'svg|h1 { font-size: 2rem }',
      '*|* { font-size: 2rem }',
      '.card + .card { max-width: 400px }',
      '.card ~ .card { max-width: 400px }',
      '.card || .card { max-width: 400px }',
      '> .card { max-width: 400px }',
      '.card > { max-width: 400px }',
      `${'.card '.repeat(5)} { max-width: 400px }`,
      '#card { max-width: 400px }',
      'body { max-width: 400px }',
      '* { max-width: 400px }',
    ],
  };
  for (const [what, sources] of Object.entries(attacks))
    it(`takes nothing that ${what}`, () => {
      for (const source of sources) {
        const { css, faults } = rebuildCss(source);
        assert.equal(css, '', source);
        assert.ok(faults.length > 0, source);
      }
    });

  it('keeps what stands beside an attack, and that alone', () => {
    const { css } = rebuildCss(
      '@import "x"; .card { color: red; text-align: center; --x: 1 } .strip, .card { max-width: 400px } h1 { font-size: 2rem }',
    );
    assert.equal(css, '.card{text-align:center!important;}h1{font-size:2rem!important;}');
  });

  it('is refused when it is long or deep, before anybody reads it', () => {
    const rule = '.card{max-width:400px}';
    assert.deepEqual(reasons(rule.repeat(1000)), ['1: At most 16384 characters are taken.']);
    for (const deep of ['(', '[', '{', ':is(', 'f(', '@media (', '.card{'])
      for (const start of ['', '.card { max-width: '])
        assert.match(
          reasons(start + deep.repeat(Math.floor(16_000 / deep.length))).join(),
          /^1: Brackets lie too deep in one another\.$/,
          deep,
        );
    assert.equal(rebuildCss(`.card{${'x:y;'.repeat(1000)}}`).faults.length, 100);
  });

  it('is refused as a whole where it has more rules or declarations, or a rule more selectors, than are taken', () => {
    const most = '.card{max-width:400px}'.repeat(400);
    assert.deepEqual(reasons(most), []);
    assert.deepEqual(reasons(`${most}\n{}`), ['2: At most 400 rules are taken.']);
    for (const many of ['{}', '@media{', '@a{}', 'h1{}{}', '.card{&{}}'])
      assert.deepEqual(
        rebuildCss(many.repeat(Math.floor(16_384 / many.length))),
        {
          css: '',
          faults: [{ line: 1, reason: many.startsWith('@media') ? deepFault : 'At most 400 rules are taken.' }],
        },
        many,
      );
    for (const many of ['a;', 'x:y;', '!;', ';'])
      assert.deepEqual(reasons(`.card{\n${many.repeat(1001)}}`), ['2: At most 1000 declarations are taken.'], many);
    const list = (count: number): string => Array(count).fill('h1').join(',');
    assert.deepEqual(reasons(`${list(32)}{font-weight:bold}.card,h1{text-align:center}`), []);
    for (const source of [list(33), `${list(5000)}{x:y}`, `.card{\n${list(2000)}{}}`, ':is(h1,'.repeat(2) + list(33)])
      assert.match(reasons(source).join(), /^\d: A rule has at most 32 selectors\.$/, source.slice(0, 40));
  });

  it('comes out in our own letters whatever goes in, and again the same', () => {
    const words = [
      ...[...Object.keys(parts), ...untouchable, '*', '[value^="a"]', '::before', ':hover', ':has(', '>', '#a'],
      ...[
        '{',
        '}',
        '(',
        ')',
        ';',
        ':',
        ',',
        ' ',
        '\n',
        '/*',
        '*/',
        '"',
        "'",
        '\\',
        '\\3c ',
        '<',
        '</style>',
        '<!--',
        '-->',
      ],
      ...[
        '@media',
        '@import',
        '@layer',
        '(min-width:',
        'and',
        'url(',
        'var(--brand)',
        '--brand',
        '!important',
        '\0',
        '\ufeff',
      ],
      ...[
        'max-width',
        'border-color',
        'display',
        'none',
        'text-align',
        'center',
        '400px',
        '2rem',
        '-9px',
        '1e9',
        'red',
      ],
    ];
    const soup = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((drawn) => drawn.join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 })), (source) => {
        const { css } = rebuildCss(source);
        assert.match(css, ours);
        assert.deepEqual(rebuildCss(css.replaceAll('!important', '')), { css, faults: [] });
      }),
      { numRuns: 3000 },
    );
  });
});
