import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';

/** Below the primary button: what else leads in. Nothing when nothing does. */
export function otherWays(t: Translator, ways: readonly (Html | null)[]): Html | null {
  const shown = ways.filter((way) => way !== null);
  if (shown.length === 0) return null;
  return html`<div class="others"><p class="or">${t('signIn.or')}</p><div class="ways">${shown}</div></div>`;
}

/** A button beside the primary one. */
export function secondaryButton(
  label: Printable,
  { icon, ...more }: { readonly icon?: Html; readonly name?: string; readonly value?: string } = {},
): Html {
  return html`<button class="button secondary" type="submit"${attributes(more)}>${icon}<span>${label}</span></button>`;
}
