import { ownTheme, tokensOf } from '../../branding/index.ts';

/** Three columns where there is room, one where there is not; the list of pages is then a sheet that needs no script. */
const frame = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-block-start: 80px; }
body { margin: 0; background: var(--surface); color: var(--text); font: 1rem/1.65 var(--font); overflow-wrap: break-word; -webkit-font-smoothing: antialiased; }
svg { display: block; flex: none; }
a { color: var(--link); text-decoration: none; border-radius: 4px; }
a:hover { text-decoration: underline; text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; inset-block-start: -60px; inset-inline-start: 16px; z-index: 3; padding: 8px 16px; border-radius: 8px; background: var(--brand); color: var(--brand-text); font-weight: 600; }
.skip:focus { inset-block-start: 12px; }
.bar { position: sticky; inset-block-start: 0; z-index: 2; display: flex; align-items: center; gap: 16px; height: 64px; padding-inline: 32px; background: var(--surface); border-block-end: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: 10px; color: var(--text); font-weight: 650; letter-spacing: -.01em; }
.brand:hover { text-decoration: none; }
.brand span span { color: var(--text-soft); font-weight: 450; }
.mark { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 8px; background: var(--brand); color: var(--brand-text); font-size: .875rem; font-weight: 700; forced-color-adjust: none; }
.search { display: flex; flex: 1; min-width: 0; max-width: 420px; margin-inline-start: auto; }
.search input { flex: 1; min-width: 0; height: 40px; padding: 0 14px; border: 1px solid var(--control); border-radius: var(--radius); border-start-end-radius: 0; border-end-end-radius: 0; background: var(--page); color: inherit; font: inherit; font-size: 1rem; }
.search input::placeholder { color: var(--text-soft); opacity: 1; }
.search button { display: grid; place-items: center; width: 44px; border: 1px solid var(--control); border-inline-start: 0; border-start-end-radius: var(--radius); border-end-end-radius: var(--radius); background: var(--surface); color: var(--text-soft); cursor: pointer; }
.search button:hover { background: var(--sunken); color: var(--text); }
.bar > .out { color: var(--text-soft); font-size: .9375rem; }
.bar > .out:hover { color: var(--text); }
.menu { display: none; min-height: 40px; padding: 4px 14px; border: 1px solid var(--control); border-radius: var(--radius); background: var(--surface); color: var(--text); font: inherit; font-size: .9375rem; font-weight: 550; cursor: pointer; }
.columns { display: grid; grid-template-columns: 264px minmax(0, 1fr) 232px; max-width: 1440px; margin-inline: auto; }
.pages { display: block; position: sticky; inset: 64px auto auto; width: auto; max-width: none; height: calc(100vh - 64px); margin: 0; padding: 28px 20px 48px 32px; overflow-y: auto; border: 0; border-inline-end: 1px solid var(--line); background: none; color: inherit; font-size: .9375rem; }
.pages h2 { margin: 24px 0 6px; padding-inline: 12px; color: var(--text-soft); font-size: .8125rem; font-weight: 600; }
.pages h2:first-child { margin-block-start: 0; }
.pages ul { margin: 0; padding: 0; list-style: none; }
.pages a { display: block; padding: 5px 12px; border-radius: 8px; color: var(--text); line-height: 1.4; }
.pages a:hover { background: var(--sunken); text-decoration: none; }
.pages a[aria-current] { background: var(--brand-soft); color: var(--link); font-weight: 600; }
.toc { position: sticky; inset-block-start: 64px; max-height: calc(100vh - 64px); padding: 40px 32px 48px 0; overflow-y: auto; font-size: .875rem; }
.toc h2 { margin: 0 0 8px; font-size: .8125rem; font-weight: 600; }
.toc ul { margin: 0; padding: 0; border-inline-start: 1px solid var(--line); list-style: none; }
.toc a { display: block; padding: 4px 0 4px 14px; color: var(--text-soft); line-height: 1.4; overflow-wrap: anywhere; }
.toc .sub a { padding-inline-start: 28px; }
.toc a:hover { color: var(--text); }
main { min-width: 0; padding: 40px 56px 72px; }
main > * { max-width: 760px; margin-inline: auto; }
`;

const prose = `
h1 { margin: 0 0 20px; font-size: 2.125rem; font-weight: 700; line-height: 1.2; letter-spacing: -.025em; text-wrap: balance; }
article h2 { margin: 48px 0 12px; font-size: 1.4375rem; font-weight: 650; line-height: 1.3; letter-spacing: -.015em; }
article h3 { margin: 32px 0 8px; font-size: 1.125rem; font-weight: 650; line-height: 1.4; }
article h4 { margin: 24px 0 8px; font-size: 1rem; font-weight: 650; }
article :is(h2, h3, h4) a { color: inherit; }
article :is(h2, h3, h4) a:hover { text-decoration: none; }
article :is(h2, h3, h4) a:hover::after { content: " #"; color: var(--text-faint); font-weight: 400; }
p, ul, ol, blockquote, .table, figure { margin: 0 0 18px; }
ul, ol { padding-inline-start: 24px; }
li { margin-block-end: 6px; }
li > :is(p, ul, ol) { margin-block: 6px; }
article p a, article li a, article td a, main > p:not(.foot) a { text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-underline-offset: 3px; }
article a:hover { text-decoration-color: currentColor; }
blockquote { padding: 4px 0 4px 18px; border-inline-start: 3px solid var(--line); color: var(--text-soft); }
hr { margin-block: 32px; border: 0; border-block-start: 1px solid var(--line); }
code { font: .875em/1.5 var(--mono); }
:not(pre) > code { padding: 2px 5px; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken); overflow-wrap: anywhere; }
h1 code, h2 code, h3 code { font-size: .9em; }
.table { overflow-x: auto; border: 1px solid var(--line); border-radius: var(--radius); }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; line-height: 1.5; }
th, td { padding: 9px 14px; text-align: start; vertical-align: top; }
th { background: var(--sunken); font-size: .8125rem; font-weight: 600; color: var(--text-soft); }
tr + tr td, thead + tbody td { border-block-start: 1px solid var(--line); }
td { min-width: 96px; }
/* A table scrolls, so that a name in it need not be cut into pieces. */
td code { overflow-wrap: break-word; }
figure { border: 1px solid var(--line); border-radius: var(--radius); background: var(--sunken); overflow: hidden; }
figcaption { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 38px; padding: 0 6px 0 16px; border-block-end: 1px solid var(--line); color: var(--text-soft); font: .8125rem/1.4 var(--mono); }
figcaption span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
pre { margin: 0; padding: 14px 16px 16px; overflow-x: auto; font: .8438rem/1.65 var(--mono); tab-size: 2; }
pre code { font: inherit; }
.comment { color: var(--text-soft); font-style: italic; }
.string { color: var(--good); }
.keyword { color: var(--link); }
.number { color: var(--warn); }
.copy { display: none; align-items: center; gap: 6px; min-height: 28px; padding: 2px 10px; border: 0; border-radius: 7px; background: none; color: var(--text-soft); font: 550 .8125rem/1.4 var(--font); cursor: pointer; }
.js .copy { display: inline-flex; }
.copy:hover { background: var(--line); color: var(--text); }
.copied { display: none; }
.done { color: var(--good); }
.done .to-copy { display: none; }
.done .copied { display: inline; }
.mine { padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--brand-soft); font-size: .9375rem; }
.around { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin-block-start: 56px; }
.around a { display: block; padding: 14px 18px; border: 1px solid var(--line); border-radius: var(--radius); font-weight: 600; }
.around a:hover { border-color: var(--link); text-decoration: none; }
.around .label { display: block; color: var(--text-soft); font-size: .8125rem; font-weight: 450; }
.next { grid-column: 2; text-align: end; }
.foot { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-block-start: 32px; padding-block-start: 20px; border-block-start: 1px solid var(--line); color: var(--text-soft); font-size: .875rem; }
.results { padding: 0; list-style: none; }
.results li { margin: 0; padding: 16px 0; border-block-end: 1px solid var(--line); }
.results a { font-size: 1.0625rem; font-weight: 600; }
.results p { margin: 2px 0 0; color: var(--text-soft); font-size: .9375rem; }
.results .of { color: var(--text-soft); font-size: .8125rem; }
mark { padding: 0 2px; border-radius: 3px; background: var(--warn-soft); color: inherit; font-weight: 600; }
`;

const narrow = `
@media (max-width: 1199px) { .columns { grid-template-columns: 248px minmax(0, 1fr); } .toc { display: none; } main { padding-inline: 40px; } }
@media (max-width: 799px) {
  .bar { flex-wrap: wrap; gap: 8px 12px; height: auto; padding: 10px 16px; position: static; }
  html { scroll-padding-block-start: 16px; }
  .search { order: 1; flex-basis: 100%; max-width: none; }
  .bar > .out { display: none; }
  .menu { display: block; margin-inline-start: auto; }
  .columns { display: block; }
  .pages { position: fixed; inset: 0 auto 0 0; width: min(320px, 88vw); height: 100dvh; max-height: none; padding: 24px 12px; border-inline-end: 1px solid var(--line); background: var(--surface); box-shadow: var(--shadow); }
  .pages:not(:popover-open) { display: none; }
  .pages::backdrop { background: rgb(0 0 0 / .45); }
  main { padding: 28px 16px 56px; }
  h1 { font-size: 1.75rem; }
  article h2 { margin-block-start: 36px; font-size: 1.3125rem; }
  .around { grid-template-columns: 1fr; }
  .next { grid-column: 1; }
}
@media (prefers-reduced-motion: no-preference) { .pages a, .copy, .around a { transition: background-color .12s, border-color .12s, color .12s; } }
@media print { .bar, .pages, .toc, .around, .copy { display: none; } .columns { display: block; } }
`;

export const styles = `${tokensOf(ownTheme)}${frame}${prose}${narrow}`;
