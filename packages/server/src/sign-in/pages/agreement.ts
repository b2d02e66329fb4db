import { type Html, html } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';
import { link, safeHref } from './components.ts';
import type { AppView } from './layout.ts';

/** What signing up means, where the environment has terms or a policy to agree to. */
export function agreement(t: Translator, { termsUrl, privacyUrl }: AppView): Html | null {
  const terms = safeHref(termsUrl) && ((words: Html) => link(words, termsUrl) ?? words);
  const privacy = safeHref(privacyUrl) && ((words: Html) => link(words, privacyUrl) ?? words);
  if (terms && privacy) return html`<p class="agree">${t.html('signIn.agreeToBoth', { terms, privacy })}</p>`;
  if (terms) return html`<p class="agree">${t.html('signIn.agreeToTerms', { terms })}</p>`;
  return privacy ? html`<p class="agree">${t.html('signIn.readPrivacy', { privacy })}</p>` : null;
}
