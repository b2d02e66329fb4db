import { html } from '../../core/index.ts';
import { type FormView, form, ltr, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';
import { secondaryButton } from './other-ways.ts';

export interface SignOnConsentView extends PageView {
  readonly form: FormView & { readonly ticket: string };
  /** The organization whose provider says it. */
  readonly provider: string;
  /** Who it says this is. */
  readonly email: string;
}

/**
 * A stop before a sign-in that nobody here asked for. Another site can post an answer of its own provider to us, and whoever
 * is signed in by that works in somebody else's account; so the name is shown and a person decides.
 */
export function signOnConsentPage(view: SignOnConsentView): string {
  const { app, t, provider, email } = view;
  const ticket = html`<input type="hidden" name="ticket" value="${view.form.ticket}">`;
  return page({
    ...view,
    title: t('sso.consentTitle'),
    heading: t('sso.consentHeading', { app: app.name }),
    context: t.html('sso.consentContext', { provider, email: ltr(email) }),
    body: html`<p class="prose apart">${t('sso.consentAdvice', { app: app.name, provider })}</p>${form(view.form, [
      ticket,
      submitButton(t('common.continue')),
    ])}${form(
      view.form,
      [ticket, secondaryButton(t('signIn.doNotContinue'), { name: 'choice', value: 'cancel' })],
      'choices',
    )}`,
  });
}
