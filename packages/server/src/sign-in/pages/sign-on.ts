import { type Html, html } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';
import { type FormView, form, submitButton } from './components.ts';
import { secondaryButton } from './other-ways.ts';

/** An organization's own identity provider. */
export interface SignOnView extends FormView {
  readonly connectionId: string;
  /** The organization's name. */
  readonly provider: string;
}

/** @param isPrimary - it is what the page is for */
export function signOnForm(t: Translator, view: SignOnView | null | undefined, isPrimary = false): Html | null {
  if (!view) return null;
  const label = t('social.continueWith', { provider: view.provider });
  return form(view, [
    html`<input type="hidden" name="connection_id" value="${view.connectionId}">`,
    isPrimary ? submitButton(label) : secondaryButton(label),
  ]);
}
