import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { attributes, Html, html, type Printable, raw } from './html.ts';

const loose = (value: unknown) => value as Printable;

describe('html', () => {
  it('escapes text, so that a name cannot become markup', () => {
    const name = `"><script>alert('x')</script>&`;
    assert.equal(
      html`<p title="${name}">${name}</p>`.markup,
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it('escapes once, however deep the nesting', () => {
    const item = (text: string) => html`<li>${text}</li>`;
    assert.equal(html`<ul>${['a & b', '<c>'].map(item)}</ul>`.markup, '<ul><li>a &amp; b</li><li>&lt;c&gt;</li></ul>');
  });

  it('prints numbers, nothing for absent values, and zero as zero', () => {
    assert.equal(html`${0}|${1.5}|${null}|${undefined}|${false}|${''}|${[]}`.markup, '0|1.5|||||');
  });

  it('refuses what has no text, instead of printing [object Object]', () => {
    for (const value of [{}, { markup: '<b>' }, true, () => 'x', Symbol('x'), new Date(0)])
      assert.throws(() => html`${loose(value)}`, TypeError);
  });

  it('does not take a parsed JSON body for markup', () => {
    const forged = JSON.parse('{"markup":"<script>1</script>"}');
    assert.throws(() => html`${forged}`, TypeError);
    assert.throws(() => html`${[forged]}`, TypeError);
  });

  it('lets raw through untouched', () => {
    assert.equal(html`${raw('<b>&</b>')}`.markup, '<b>&</b>');
    assert.ok(raw('') instanceof Html);
  });

  it('leaves no character that could end a quoted value or open a tag, and loses none (property)', () => {
    const references: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', 'é', '😀', ';', '#') }), (text) => {
        const { markup } = html`${text}`;
        assert.doesNotMatch(markup, /[<>"']/);
        assert.equal(
          markup.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => references[name] ?? ''),
          text,
        );
      }),
    );
  });
});

describe('attributes', () => {
  it('writes values escaped, flags alone, and leaves out the absent', () => {
    assert.equal(
      attributes({ id: 'a', value: '"x" <y>', required: true, disabled: false, max: 0, min: null, alt: '' }).markup,
      ' id="a" value="&quot;x&quot; &lt;y&gt;" required max="0" alt=""',
    );
  });

  it('refuses a name that would start another attribute', () => {
    assert.throws(() => attributes({ 'x onload': '1' }), TypeError);
    assert.throws(() => attributes({ 'x"': '1' }), TypeError);
  });
});
