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
  const { app, host, email } = view;
  return page({
    ...view,
    title: 'Confirm where to go',
    heading: 'Is this where you want to go?',
    context: html`${ltr(host)} asks to sign you in with your ${app.name} account${email && html`, ${ltr(email)}`}.`,
    body: html`${problemNote(view.problem)}<p class="prose apart">Continue only if you know this address. If you came here from a link you did not expect, go back.</p>${form(
      view,
      submitButton(html`<span>Continue to <bdi dir="ltr">${host}</bdi></span>`),
    )}${view.cancelUrl && html`<p class="more">${link('Do not continue', view.cancelUrl)}</p>`}`,
  });
}
