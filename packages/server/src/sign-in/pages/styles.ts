import { type Theme, tokensOf } from '../../branding/index.ts';
import { type Html, raw } from '../../core/index.ts';

/**
 * The stylesheet of the hosted pages.
 *
 * It travels inside each page, so the first paint needs no second request, and the policy admits it by nonce. House
 * rules: a 4 px grid, type in `rem` (a person's text size counts), logical properties only (the pages read in both
 * directions), one accent, hairlines instead of boxes.
 */
const base = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 var(--font);
  overflow-wrap: anywhere;
  -webkit-font-smoothing: antialiased;
}
[hidden] { display: none !important; }
h1, h2, p, dl, dd { margin: 0; }
svg { display: block; flex: none; }
`;

const frame = `
.strip {
  padding: 4px 16px;
  background: var(--warn-soft);
  border-block-end: 1px solid var(--warn-line);
  color: var(--warn);
  font-size: .8125rem;
  font-weight: 500;
  text-align: center;
}
main {
  flex: 1;
  display: flex;
  flex-direction: column;
  align-items: center;
  justify-content: center;
  gap: 24px;
  padding: 32px 16px;
}
.card {
  width: 100%;
  max-width: 400px;
  padding: 32px;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: calc(var(--radius) + 6px);
  box-shadow: var(--shadow);
}
.mark {
  display: grid;
  place-items: center;
  width: 40px;
  height: 40px;
  margin-block-end: 20px;
  border: 1px solid var(--brand-line);
  border-radius: var(--radius);
  background: var(--brand);
  color: var(--brand-text);
  font-size: 16px;
  font-weight: 700;
  forced-color-adjust: none;
}
.logo { display: block; max-width: 100%; max-height: 40px; margin-block-end: 20px; object-fit: contain; object-position: 0 50%; }
[dir=rtl] .logo { object-position: 100% 50%; }
h1 {
  font-size: 1.375rem;
  font-weight: 650;
  line-height: 1.25;
  letter-spacing: -.015em;
  text-wrap: balance;
}
.context { margin-block-start: 8px; color: var(--text-soft); font-size: .9375rem; }
.context b, .strong { color: var(--text); font-weight: 550; }
/* On a line of its own before it breaks: an address broken at its hyphen reads like two. */
.context .strong { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
[dir=rtl] .context .strong[dir=ltr] { text-align: end; }
/* Browsers break after such a box whatever follows; a full stop would stand alone. */
.joint { white-space: nowrap; }
.joint > * { white-space: normal; }
.content { margin-block-start: 24px; }
.content:not(:has(> :not([hidden]))) { display: none; }
.prose { color: var(--text-soft); font-size: .9375rem; }
.context p + p { margin-block-start: 12px; }
.apart { margin-block-end: 24px; }
.below { margin-block-start: 16px; }
footer {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: center;
  gap: 0 20px;
  padding: 4px 16px 12px;
  color: var(--page-soft);
  font-size: .8125rem;
}
.by, summary { display: flex; align-items: center; gap: 6px; min-height: 44px; }
.legal { display: flex; gap: 16px; }
footer a { color: inherit; font-weight: inherit; }
.context bdi, .more bdi { overflow-wrap: anywhere; }
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (max-width: 479px) {
  body { background: var(--surface); }
  footer { color: var(--text-faint); }
  main { justify-content: flex-start; padding: 0; }
  .card { max-width: none; padding: 40px 24px 24px; border: 0; border-radius: 0; box-shadow: none; }
}
`;

const fields = `
.label-row { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; column-gap: 8px; padding-block-end: 8px; font-size: .875rem; line-height: 1.25rem; }
label { font-weight: 550; }
.aside { color: var(--text-faint); font-size: .8125rem; }
.box {
  display: flex;
  flex-wrap: wrap;
  min-height: 44px;
  background: var(--surface);
  border: 1px solid var(--control);
  border-radius: var(--radius);
}
.box input {
  flex: 1 1 9rem;
  min-width: 0;
  min-height: 44px;
  margin: -1px;
  padding: 8px 14px;
  border: 0;
  border-radius: calc(var(--radius) - 1px);
  background: transparent;
  color: inherit;
  font: inherit;
}
.box input:read-only { text-overflow: ellipsis; }
.box:has([readonly]) { background: var(--sunken); border-color: var(--line); }
[dir=rtl] .box input[dir=ltr] { text-align: end; }
.box input::-ms-reveal { display: none; }
.inset {
  display: flex;
  min-height: 44px;
  margin-block: -1px;
  align-items: center;
  padding: 0 14px;
  border: 0;
  border-radius: calc(var(--radius) - 1px);
  background: none;
  color: var(--text-soft);
  font: inherit;
  font-size: .875rem;
  font-weight: 550;
  cursor: pointer;
}
.inset:hover { color: var(--text); text-decoration: none; }
/* The line an error needs is kept free, so that nothing below a field moves when one comes or goes. It is all the space there is. */
.slot { min-height: 32px; padding-block: 4px 8px; font-size: .8125rem; line-height: 1.25rem; color: var(--text-soft); }
.settled .slot { min-height: 16px; padding: 0; }
.message { display: flex; gap: 6px; color: var(--danger); }
.message svg, .note svg { width: 1.2em; height: 1.2em; margin-block-start: .16em; }
.message.done, .note.done { visibility: hidden; }
/* A rule and what is wrong with an answer to it take up to two lines; they take turns, and the page stands still. */
.hinted .slot { display: grid; min-height: 52px; }
.hinted .slot > * { grid-area: 1 / 1; }
.message:not(.done) + .hint { visibility: hidden; }
.bad .box { border-color: var(--danger); }
.meter { display: grid; grid-template-columns: repeat(4, 1fr); gap: 4px; margin-block: 8px 4px; }
.meter[hidden] { display: none; }
.meter i { height: 4px; border-radius: 2px; background: var(--line); transition: background .15s; }
.meter[data-level="1"] i:nth-child(1) { background: var(--danger); }
.meter[data-level="2"] i:nth-child(-n+2) { background: var(--warn); }
.meter[data-level="3"] i:nth-child(-n+3), .meter[data-level="4"] i { background: var(--good); }
@media (forced-colors: active) { .meter i { border: 1px solid CanvasText; } .meter[data-level="1"] i:nth-child(1), .meter[data-level="2"] i:nth-child(-n+2), .meter[data-level="3"] i:nth-child(-n+3), .meter[data-level="4"] i { background: CanvasText; } }
.badge { padding: 1px 8px; border-radius: 999px; background: var(--good-soft); color: var(--good); font-size: .75rem; line-height: 1.125rem; font-weight: 550; white-space: nowrap; }
.secondary .badge { flex: none; }
/* Below the words where they leave no room: nobody knows how long either is in another language. */
.secondary:has(.badge) { flex-wrap: wrap; row-gap: 2px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(8.5rem, 100%), 1fr)); column-gap: 12px; }
.pair .field { min-width: 0; }
`;

// One input, so that a person pastes, a screen reader reads and a phone fills in one thing. The cells are drawn
// behind it and the letter spacing drops each digit into its own. The input is wider than the row (and clipped), or
// the caret after the sixth digit would scroll the first one out of its cell.
const activeCell = [0, 1, 2, 3, 4, 5]
  .map((at) => `.code[data-at="${at}"]:focus-within i:nth-child(${at + 1})`)
  .join(', ');

const code = `
.code { position: relative; direction: ltr; }
.code input {
  position: relative;
  width: 100%;
  height: 56px;
  margin: 0;
  padding: 0 16px;
  border: 1px solid var(--control);
  border-radius: var(--radius);
  background: transparent;
  color: inherit;
  font: 600 1.5rem var(--mono);
  font-variant-numeric: tabular-nums;
  letter-spacing: .5em;
  text-align: start;
}
.cells { display: none; }
.bad .code input { border-color: var(--danger); }
@supports (width: 1cqw) {
  .code { container-type: inline-size; height: 56px; overflow: clip; }
  .code input {
    width: calc(100cqw + 48px);
    border: 0;
    outline: 0 !important;
    padding: 0;
    padding-inline-start: calc(((100cqw - 40px) / 6 - 1ch) / 2);
    letter-spacing: calc((100cqw + 8px) / 6 - 1ch);
  }
  .cells { position: absolute; inset: 0; display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px; pointer-events: none; }
  .cells i { border: 1px solid var(--control); border-radius: var(--radius); }
  .code:focus-within i { border-color: var(--focus); outline: 1px solid var(--focus); outline-offset: -2px; }
  .code[data-at]:focus-within i { border-color: var(--control); outline: 0; }
  ${activeCell} { border-color: var(--focus); outline: 1px solid var(--focus); }
  .bad .code i { border-color: var(--danger) !important; outline-color: var(--danger) !important; }
}
`;

const actions = `
a { color: var(--link); font-weight: 550; text-decoration: none; border-radius: 4px; }
a:hover { text-decoration: underline; text-underline-offset: 3px; }
.button {
  position: relative;
  display: flex;
  align-items: center;
  justify-content: center;
  width: 100%;
  min-height: 44px;
  margin: 0;
  padding: 8px 16px;
  border: 1px solid var(--brand-line);
  border-radius: var(--radius);
  background: var(--brand);
  color: var(--brand-text);
  font: inherit;
  font-weight: 600;
  text-align: center;
  cursor: pointer;
  transition: background-color .12s;
}
.button:hover { background: var(--brand-hover); color: var(--brand-text); text-decoration: none; }
.button:active { background: var(--brand-active); }
.text-button {
  min-height: 44px;
  margin: -12px -8px;
  padding: 0 8px;
  border: 0;
  border-radius: 6px;
  background: none;
  color: var(--link);
  font: inherit;
  font-weight: 550;
  cursor: pointer;
}
.text-button:hover { text-decoration: underline; text-underline-offset: 3px; }
button:disabled { cursor: default; }
.text-button:disabled { color: var(--text-soft); font-weight: 400; text-decoration: none; }
.button:disabled:not(.busy) { background: var(--sunken); border-color: var(--line); color: var(--text-soft); }
.busy { color: transparent !important; cursor: progress !important; }
.busy:hover { background: var(--brand); }
.busy::after {
  content: "";
  position: absolute;
  inset: 0;
  width: 18px;
  height: 18px;
  margin: auto;
  border: 2px solid var(--brand-text);
  border-inline-end-color: transparent;
  border-radius: 50%;
  animation: turn .7s linear infinite;
}
.secondary { gap: 10px; background: var(--surface); border-color: var(--control); color: var(--text); font-weight: 550; }
.secondary:hover, .secondary:active { background: var(--sunken); color: var(--text); }
.secondary.busy:hover { background: var(--surface); }
.secondary.busy::after { border-color: var(--text-soft); border-inline-end-color: transparent; }
/* What ends something for good: of no colour of the brand, whose button means going on. */
.button.danger { background: var(--danger-soft); border-color: var(--danger); color: var(--danger); }
.button.danger:hover, .button.danger:active { background: var(--danger); color: var(--surface); }
.button.danger.busy:hover { background: var(--danger-soft); }
.button.danger.busy::after { border-color: var(--danger); border-inline-end-color: transparent; }
.or { display: flex; align-items: center; gap: 12px; margin-block: 24px; color: var(--text-faint); font-size: .8125rem; line-height: 1rem; }
.or::before, .or::after { content: ""; flex: 1; border-block-start: 1px solid var(--line); }
.ways { display: grid; gap: 8px; }
.ways.close { margin-block-start: 8px; }
.socials { display: grid; gap: 8px; }
/* Two beside one another where the longest name has room for it. */
.socials.many { grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr)); }
.socials.many .button { justify-content: flex-start; font-size: .9375rem; line-height: 1.25rem; text-align: start; }
.socials.many .button:has(.badge) { display: grid; grid-template-columns: 18px 1fr; }
.socials.many .badge { grid-column: 1 / -1; justify-self: start; white-space: normal; }
.socials svg { width: 18px; height: 18px; }
.passkey .message { margin-block-start: 8px; font-size: .8125rem; line-height: 1.25rem; }
.rows { display: grid; gap: 8px; max-height: min(26rem, 60vh); overflow-y: auto; margin: -4px; padding: 4px; list-style: none; }
.row {
  position: relative;
  display: flex;
  align-items: center;
  gap: 12px;
  width: 100%;
  min-height: 56px;
  padding: 8px 12px;
  border: 1px solid var(--control);
  border-radius: var(--radius);
  background: var(--surface);
  color: var(--text);
  font: inherit;
  font-weight: 550;
  text-align: start;
  cursor: pointer;
}
.row:hover { background: var(--sunken); }
.row bdi { min-width: 0; overflow-wrap: anywhere; }
.row.busy::after { inset-inline-start: auto; margin: auto 16px; border-color: var(--text-soft); border-inline-end-color: transparent; }
.tile {
  display: grid;
  place-items: center;
  flex: none;
  width: 36px;
  height: 36px;
  border-radius: calc(var(--radius) - 2px);
  background: var(--sunken);
  border: 1px solid var(--line);
  color: var(--text-soft);
  font-size: .8125rem;
  font-weight: 650;
}
.bullets { margin-block: 0 24px; padding-inline-start: 20px; color: var(--text); font-size: .9375rem; }
.bullets li + li { margin-block-start: 4px; }
.quiet { color: var(--text-soft); font-size: .875rem; text-align: center; }
.choices { display: grid; gap: 8px; margin-block-start: 8px; }
.choices .text-button { margin: 0; justify-self: center; }
/* Its words stand in the middle of a finger's height; below them the card's own space is enough. */
.choices:last-child .text-button:last-child { margin-block-end: -12px; }
.text-button.busy { position: relative; }
.text-button.busy::after { border-color: var(--link); border-inline-end-color: transparent; }
@keyframes turn { to { transform: rotate(1turn); } }
/* A small link in running text still gets a finger's 44 px; the margin takes back what the padding adds. */
.reach { display: inline-block; padding: 12px 8px; margin: -12px -8px; }
.reach:focus-visible { outline-offset: -6px; }
.more { margin-block-start: 24px; color: var(--text-soft); font-size: .875rem; text-align: center; }
.resend { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 16px; text-align: start; }
.more + .more { margin-block-start: 12px; }
.agree { margin-block-start: 16px; color: var(--text-soft); font-size: .8125rem; line-height: 1.25rem; text-align: center; }
.count { font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
footer > :focus-visible, summary:focus-visible { outline-color: currentColor; }
.inset:focus-visible { outline-offset: -3px; }
.box input:focus-visible { outline-offset: -1px; }
@supports selector(:has(a)) {
  .box input:focus-visible { outline: 0; }
  .box:has(input:focus-visible) { border-color: var(--focus); outline: 2px solid var(--focus); outline-offset: -1px; }
  .bad .box:has(input:focus-visible) { border-color: var(--danger); outline-color: var(--danger); }
}
@media (prefers-reduced-motion: reduce) {
  .button, .meter i { transition: none; }
  .busy::after { animation-duration: 3s; }
}
@media (forced-colors: active) {
  .busy { color: GrayText !important; }
  .busy::after { display: none; }
  .mark { border: 1px solid CanvasText; }
}
`;

const menu = `
.languages { position: relative; }
summary { padding: 0 8px; margin: 0 -8px; border-radius: 6px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { text-decoration: underline; text-underline-offset: 3px; }
.languages form {
  position: absolute;
  inset-block-end: 100%;
  inset-inline-end: -8px;
  z-index: 1;
  width: max-content;
  min-width: 11rem;
  max-height: min(22rem, 60vh);
  overflow-y: auto;
  padding: 6px;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  box-shadow: var(--shadow);
}
.languages button {
  position: relative;
  display: block;
  width: 100%;
  min-height: 44px;
  padding: 4px 12px;
  border: 0;
  border-radius: calc(var(--radius) - 4px);
  background: none;
  color: var(--text);
  font: inherit;
  font-size: .875rem;
  text-align: start;
  cursor: pointer;
}
.languages button:hover { background: var(--sunken); }
.languages [aria-current] { color: var(--link); font-weight: 600; }
.languages button:focus-visible { outline-offset: -2px; }
`;

const notes = `
.field + .button, .pair + .button { margin-block-start: 4px; }
.note:focus-visible { outline-offset: -1px; }
.note-error:focus-visible { outline-color: var(--danger); }
.note-wait:focus-visible { outline-color: var(--warn); }
.note { display: flex; gap: 10px; margin-block-end: 24px; padding: 12px; border: 1px solid transparent; border-radius: var(--radius); font-size: .875rem; line-height: 1.25rem; }
.note-error { background: var(--danger-soft); }
.note-error svg { color: var(--danger); }
.note-wait { background: var(--warn-soft); }
.note-wait svg { color: var(--warn); }
.note-good { background: var(--good-soft); }
.note-good svg { color: var(--good); }
.trace { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin-block-start: 24px; padding-block-start: 16px; border-block-start: 1px solid var(--line); color: var(--text-faint); font-size: .8125rem; }
.trace code { font: .75rem/1.25rem var(--mono); color: var(--text-soft); }
.trace .text-button { margin-block: -12px; font-size: .8125rem; color: var(--text-soft); }
.developer {
  width: 100%;
  max-width: 640px;
  padding: 24px;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: calc(var(--radius) + 6px);
}
.developer h2 { font-size: .9375rem; font-weight: 600; line-height: 1.25rem; }
.developer .aside { margin-block-start: 4px; }
.developer dl { margin-block-start: 16px; border-block-start: 1px solid var(--line); }
.developer dl div { display: grid; grid-template-columns: 112px 1fr; gap: 4px 16px; padding-block: 10px; border-block-end: 1px solid var(--line); font-size: .8125rem; line-height: 1.25rem; }
.developer dt { color: var(--text-soft); }
.developer dd code { font: .8125rem/1.25rem var(--mono); }
.developer .more { margin-block-start: 16px; text-align: start; }
@media (max-width: 479px) {
  .developer { border-width: 1px 0 0; border-radius: 0; }
  .developer dl div { grid-template-columns: 1fr; }
}
`;

const facts = `
.facts { margin-block-end: 16px; border-block-start: 1px solid var(--line); font-size: .875rem; line-height: 1.25rem; }
.facts div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; padding-block: 10px; border-block-end: 1px solid var(--line); }
.facts dt { color: var(--text-soft); }
.facts dd { margin: 0; min-width: 0; font-weight: 550; overflow-wrap: anywhere; }
.key { font: 600 1.125rem/1.25rem var(--mono); letter-spacing: .08em; }
.letters { font-family: var(--mono) !important; letter-spacing: .08em; text-transform: uppercase; }
.button-quiet { margin-block-start: 12px; background: transparent; border-color: var(--control); color: var(--text); }
.button-quiet:hover { background: var(--sunken); color: var(--text); }
.button-quiet:active { background: var(--line); }
`;

const secondStep = `
/* Dark on light whatever the page wears: not every scanner reads it the other way round. */
.qr { width: 192px; height: 192px; margin: 16px auto; border: 1px solid var(--line); border-radius: var(--radius); forced-color-adjust: none; }
.seed { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; margin-block: 8px 12px; padding: 8px 14px; background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius); }
.seed code { display: block; flex: 1 1 12rem; font: .875rem/1.5 var(--mono); text-wrap: balance; }
.seed .text-button { font-size: .875rem; }
.codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 8px 16px; margin: 0; padding: 16px; background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius); list-style: none; text-align: center; }
.codes code { font: 500 .9375rem/1.5 var(--mono); white-space: nowrap; }
.keep { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px 24px; margin-block: 16px; }
`;

/** At one side of a wide screen, with the line at its foot below it. */
const aside = (side: 'flex-start' | 'flex-end'): string => `
@media (min-width: 900px) {
  main { align-items: ${side}; padding-inline: max(48px, 8vw); }
  footer { justify-content: ${side}; padding-inline: max(48px, 8vw); }
}
`;

const layouts: Readonly<Record<Theme['layout'], string>> = {
  center: '',
  start: aside('flex-start'),
  end: aside('flex-end'),
};

const byTheme = new WeakMap<Theme, Html>();

/** The whole stylesheet in an environment's colours. */
export function stylesOf(theme: Theme): Html {
  const made = byTheme.get(theme) ?? raw(dense(tokensOf(theme)) + rest + dense(layouts[theme.layout]));
  byTheme.set(theme, made);
  return made;
}

/** Without the indentation that only we read. */
export const dense = (css: string): string =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .trim();

const rest = dense([base, frame, fields, code, actions, menu, notes, facts, secondStep].join(''));
