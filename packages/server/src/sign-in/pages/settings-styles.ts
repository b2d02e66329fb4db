import { raw } from '../../core/index.ts';
import { dense } from './styles.ts';

/** What a page of settings adds: groups under hairlines, and rows with what is set at one end and what can be done at the other. */
export const settingsStyles = raw(
  dense(`
.settings { justify-content: flex-start; }
.settings .card { max-width: 640px; }
.group { margin-block-start: 24px; padding-block-start: 24px; border-block-start: 1px solid var(--line); }
.group h2 { font-size: 1rem; font-weight: 600; line-height: 1.5rem; }
.group > p { color: var(--text-soft); font-size: .875rem; line-height: 1.25rem; }
.items { margin: 8px 0 0; padding: 0; list-style: none; }
.items > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 16px; padding-block: 8px; min-height: 60px; }
.items > li + li { border-block-start: 1px solid var(--line); }
.what { flex: 1 1 10rem; min-width: 0; font-size: .9375rem; line-height: 1.375rem; }
.what:empty { display: none; }
.what b { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; font-weight: 550; }
.what > span { display: block; color: var(--text-soft); font-size: .8125rem; line-height: 1.25rem; }
.acts { display: flex; flex-wrap: wrap; gap: 0 16px; }
.acts .reach, .acts .text-button { margin: 0 -8px; padding: 12px 8px; min-height: 44px; font-size: .875rem; line-height: 1.25rem; }
.acts .ends { color: var(--text-soft); }
.acts .ends:hover, .acts .ends:focus-visible { color: var(--danger); }
.badge { padding: 0 8px; border-radius: 999px; background: var(--good-soft); color: var(--text); font-size: .75rem; font-weight: 500; line-height: 1.25rem; }
.group > form { margin-block-start: 16px; }
/* Among other things, and not the one question of a page: only its words are red. */
.group .button.danger:not(:hover, .busy) { background: var(--surface); border-color: var(--control); }
.head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 16px; }
.head p { flex: 1 1 16rem; }
.head .text-button { margin: 0 -8px; }
`),
);
