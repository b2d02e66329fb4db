import { ownPalettes } from '../../branding/index.ts';
import { type Html, html, type Printable, raw } from '../../core/index.ts';
import { script } from './script.ts';
import { styles } from './styles.ts';

const { light, dark } = ownPalettes;
const stylesheet = raw(styles);
const behaviour = raw(script);

/** A tray with a letter, as an address that needs no request. */
const favicon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>rect{fill:${light.brand}}path{fill:none;stroke:${light['brand-text']};stroke-width:2;stroke-linejoin:round}@media(prefers-color-scheme:dark){rect{fill:${dark.brand}}path{stroke:${dark['brand-text']}}}</style><rect width="32" height="32" rx="8"/><path d="M7 10h18v12H7zM7 11l9 6.5 9-6.5"/></svg>`,
)}`;

export interface Layout {
  readonly title: string;
  readonly nonce: string;
  readonly main: Printable;
}

/** The whole document; nothing is fetched, and it reads the same without script. */
export function page({ title, nonce, main }: Layout): string {
  return html`<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${title}</title><link rel="icon" href="${favicon}"><style nonce="${nonce}">${stylesheet}</style></head><body><main id="main">${main}</main><p class="unseen" id="status" role="status"></p><script nonce="${nonce}">${behaviour}</script></body></html>
`.markup;
}

const drawing = (paths: string): Html =>
  raw(
    `<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`,
  );

export const icons = {
  envelope: drawing(
    '<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.75"/><path d="m2.25 4.5 5.75 4.25 5.75-4.25"/>',
  ),
  copy: drawing(
    '<rect x="5.75" y="5.75" width="8" height="8" rx="1.5"/><path d="M10.25 3.25a1.5 1.5 0 0 0-1.5-1h-5a1.5 1.5 0 0 0-1.5 1.5v5a1.5 1.5 0 0 0 1 1.5"/>',
  ),
  tick: drawing('<path d="m3.25 8.75 3 3 6.5-7.5"/>'),
  back: drawing('<path d="M9.75 3.5 5.25 8l4.5 4.5"/>'),
};

/** Copies the code; it needs script and shows only with it. */
export const copyButton = (code: string, className: string, label: Printable): Html =>
  html`<button class="${className}" type="button" data-copy="${code}" aria-label="Copy the code ${code}">${label}<span class="to-copy">${icons.copy}</span><span class="copied">${icons.tick}</span></button>`;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `3 min ago`, with the exact time on hover. Times that the moved clock makes future are written out. */
export function when(at: Date, now: Date): Html {
  const exact = `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return html`<time datetime="${at.toISOString()}" title="${exact}">${relative(now.getTime() - at.getTime()) ?? exact}</time>`;
}

function relative(ms: number): string | null {
  if (ms < 0 || ms >= dayMs) return null;
  if (ms < minuteMs) return 'just now';
  return ms < hourMs ? `${Math.floor(ms / minuteMs)} min ago` : `${Math.floor(ms / hourMs)} h ago`;
}
