import { html } from '../../core/index.ts';
import { type FormView, form, link, ltr, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface ConfirmRedirectView extends PageView, FormView {
  /** The host that receives the sign-in, as the redirect URI spells it. */
  readonly host: string;
  /** Who is about to be signed in there, when that is known. */
  readonly email?: string | null;
  /** The way out. */
  readonly cancelUrl: string | null;
  readonly problem?: Problem | null;
}

/**
 * A stop before hosts that a wildcard under a shared hosting suffix let in: anybody can rent a name there, so signing
 * in silently would hand a session to whoever did. The name is shown and a person decides.
 */
export function confirmRedirectPage(view: ConfirmRedirectView): string {
  const { app, t, host, email } = view;
  const named = { host: ltr(host), app: app.name };
  return page({
    ...view,
    title: t('signIn.confirmTitle'),
    heading: t('signIn.confirmHeading'),
    context: email
      ? t.html('signIn.confirmContextEmail', { ...named, email: ltr(email) })
      : t.html('signIn.confirmContext', named),
    body: html`${problemNote(t, view.problem)}<p class="prose apart">${t('signIn.confirmAdvice')}</p>${form(
      view,
      submitButton(html`<span>${t.html('signIn.continueTo', { host: html`<bdi dir="ltr">${host}</bdi>` })}</span>`),
    )}${view.cancelUrl && html`<p class="more">${link(t('signIn.doNotContinue'), view.cancelUrl)}</p>`}`,
  });
}
