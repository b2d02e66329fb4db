import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';

/**
 * Below the primary button: what else leads in. Nothing when nothing does.
 *
 * @param isDivided - with the word "or" before them; once on a page is enough
 */
export function otherWays(t: Translator, ways: readonly (Html | null)[], isDivided = true): Html | null {
  const shown = ways.filter((way) => way !== null);
  if (shown.length === 0) return null;
  return html`<div class="others">${isDivided && html`<p class="or">${t('signIn.or')}</p>`}<div class="ways${!isDivided && ' close'}">${shown}</div></div>`;
}

/** What marks the way that was taken last in this browser. */
export interface LastUsedWords {
  readonly badge: string;
  /** Read out, as the badge is drawn. */
  readonly description: string;
}

export const lastUsedWords = (t: Translator): LastUsedWords => ({
  badge: t('signIn.lastUsed'),
  description: t('signIn.lastUsedHere'),
});

interface SecondaryButton {
  readonly icon?: Html;
  readonly name?: string;
  readonly value?: string;
  readonly lastUsed?: LastUsedWords | null;
}

/** A button beside the primary one. Its name stays what it is when it wears a badge: that is a description. */
export function secondaryButton(label: Printable, { icon, lastUsed, ...more }: SecondaryButton = {}): Html {
  const described = { ...more, 'aria-describedby': lastUsed ? 'last-used' : null };
  return html`<button class="button secondary" type="submit"${attributes(described)}>${icon}<span>${label}</span>${
    lastUsed && html`<span class="badge" aria-hidden="true">${lastUsed.badge}</span>`
  }</button>${lastUsed && html`<span class="unseen" id="last-used">${lastUsed.description}</span>`}`;
}

/** The same beside the field that begins a way in. */
export const lastUsedNote = ({ badge, description }: LastUsedWords): Html =>
  html`<span class="badge" aria-hidden="true">${badge}</span><span class="unseen">${description}</span>`;
