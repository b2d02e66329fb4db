import { ownTheme, tokensOf } from '../../branding/index.ts';

/**
 * The stylesheet of the mailbox's pages: the hosted pages' tokens, set a little denser, as on a dashboard. The copy
 * button needs script, so it shows only when there is one.
 */
export const styles = `${tokensOf(ownTheme)}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: .9375rem/1.5 var(--font); overflow-wrap: anywhere; -webkit-font-smoothing: antialiased; }
h1, h2, p, ul, dl, dd, pre { margin: 0; padding: 0; }
svg { display: block; flex: none; }
main { max-width: 720px; margin-inline: auto; padding: 40px 24px 64px; }
h1 { font-size: 1.375rem; font-weight: 650; line-height: 1.25; letter-spacing: -.015em; text-wrap: balance; }
h2 { font-size: .875rem; font-weight: 600; }
.soft, .meta { color: var(--text-soft); }
.head { display: flex; align-items: flex-start; justify-content: space-between; gap: 16px; }
.head > div { flex: 1; min-width: 0; }
.head h1 + .soft { margin-block-start: 4px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px); box-shadow: var(--shadow); }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 36px; padding: 6px 14px;
  border: 1px solid var(--control); border-radius: 8px; background: var(--surface); color: var(--text);
  font: inherit; font-size: .875rem; font-weight: 550; cursor: pointer;
}
.button:hover { background: var(--sunken); }
a { color: var(--link); font-weight: 550; text-decoration: none; border-radius: 4px; }
a:hover { text-decoration: underline; text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }

.list { margin-block-start: 24px; list-style: none; overflow: hidden; }
.row { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding: 14px 16px; }
.row + .row { border-block-start: 1px solid var(--line); }
.row:hover { background: var(--sunken); }
.what { flex: 1 1 200px; min-width: 0; }
.subject { color: var(--text); font-weight: 550; }
.subject:hover { text-decoration: none; }
/* The whole row leads to the mail; the copy button lies above it. */
.subject::after { content: ""; position: absolute; inset: 0; }
.subject:focus-visible { outline: 0; }
.subject:focus-visible::after { outline: 2px solid var(--focus); outline-offset: -3px; border-radius: 12px; }
.meta { font-size: .8125rem; }
.chip {
  position: relative; display: none; align-items: center; gap: 8px; min-height: 32px; padding: 4px 10px;
  border: 1px solid transparent; border-radius: 8px; background: var(--brand-soft); color: var(--link);
  font: 600 .9375rem var(--mono); font-variant-numeric: tabular-nums; cursor: pointer;
}
.chip:hover { border-color: var(--link); }
.js .chip { display: inline-flex; }
.copied { display: none; }
.done { color: var(--good); }
.done .to-copy { display: none; }
.done .copied { display: block; }
.more { margin-block-start: 16px; font-size: .8125rem; text-align: center; }

.empty { margin-block-start: 24px; padding: 48px 24px; text-align: center; }
.empty .soft { max-width: 46ch; margin: 4px auto 0; }
.empty h2 { margin-block-start: 16px; font-size: 1rem; }
.tray { display: grid; place-items: center; width: 40px; height: 40px; margin-inline: auto; border-radius: var(--radius); background: var(--brand-soft); color: var(--link); }
.snippet { margin-block-start: 24px; padding: 12px 16px; overflow-x: auto; background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius); font: .8125rem/1.6 var(--mono); text-align: start; direction: ltr; }

.back { display: inline-flex; align-items: center; gap: 4px; min-height: 32px; margin-inline-start: -4px; font-size: .875rem; }
nav { margin-block-end: 16px; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin-block-start: 12px; font-size: .875rem; }
.facts dt { color: var(--text-soft); }
section { margin-block-start: 24px; }
section > h2 { margin-block-end: 8px; }
.code { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 12px 24px; padding: 20px 24px; }
.digits { font: 600 2rem/1.25 var(--mono); font-variant-numeric: tabular-nums; letter-spacing: .12em; }
.code .button { display: none; }
.js .code .button { display: inline-flex; }
iframe { display: block; width: 100%; height: 464px; color-scheme: light dark; }
.code ~ section iframe { height: 560px; }
.text { padding: 16px 20px; font: .8125rem/1.6 var(--mono); white-space: pre-wrap; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.persona { max-width: 440px; margin-inline: auto; }
.tag { display: inline-block; padding: 2px 8px; border-radius: 999px; background: var(--brand-soft); color: var(--brand); font-size: .75rem; font-weight: 600; letter-spacing: 0; vertical-align: middle; }
.ask { display: flex; flex-direction: column; margin-block-start: 24px; padding: 24px; }
.ask label { margin-block-end: 8px; font-size: .875rem; font-weight: 550; }
.ask input { width: 100%; min-height: 44px; padding: 8px 14px; border: 1px solid var(--control); border-radius: var(--radius); background: var(--surface); color: inherit; font: inherit; font-size: 1rem; }
[dir=rtl] .ask input[dir=ltr] { text-align: end; }
.primary { min-height: 44px; border-color: transparent; background: var(--brand); color: var(--brand-text); font-weight: 600; }
.primary:hover { background: var(--brand-hover); }
.ask input + .primary { margin-block-start: 16px; }
.or { margin-block: 24px 8px; color: var(--text-soft); font-size: .8125rem; text-align: center; }
.choices { list-style: none; }
.choices li { display: grid; grid-template-columns: 152px 1fr; align-items: center; gap: 4px 16px; padding-block: 6px; }
.choices .button { width: 100%; }
.choices .soft { font-size: .8125rem; line-height: 1.25rem; }
[data-state=off] { background: var(--sunken); color: var(--text-soft); }
.row:has(.logo) { flex-wrap: nowrap; padding-block: 8px; }
.logo + .what { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 16px; }
.logo svg { width: 20px; height: 20px; }
.cast { padding: 4px 16px; }
.cast div { display: grid; grid-template-columns: 152px 1fr; gap: 0 16px; padding-block: 10px; font-size: .875rem; }
.cast div + div { border-block-start: 1px solid var(--line); }
.cast dt { font-weight: 550; }
section > .list { margin-block-start: 0; }
section > .soft + .card { margin-block-start: 8px; }
.problem { margin-block-end: 16px; padding: 10px 12px; border-radius: var(--radius); background: var(--danger-soft); font-size: .875rem; }
@media (max-width: 479px) { .choices li, .cast div { grid-template-columns: 1fr; } .choices .soft { margin-block-end: 6px; } }
@media (max-width: 479px) { main { padding: 24px 16px 48px; } }
@media (prefers-reduced-motion: no-preference) { .chip, .button { transition: background-color .12s, border-color .12s; } }
`;
