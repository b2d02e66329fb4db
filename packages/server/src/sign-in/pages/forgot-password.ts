import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import { emailField, type FormView, form, link, ltr, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface ForgotPasswordView extends PageView, FormView {
  readonly email?: string;
  readonly errors?: { readonly email?: Say };
  readonly problem?: Problem | null;
  /** Null where no sign-in is going on. */
  readonly signInUrl: string | null;
}

/** Asks where the link goes. */
export function forgotPasswordPage(view: ForgotPasswordView): string {
  const { t, errors, problem } = view;
  return page({
    ...view,
    title: t('password.forgotTitle'),
    heading: t('password.forgotHeading'),
    context: t('password.forgotContext'),
    body: html`${problemNote(t, problem)}${form(view, [
      emailField(t, { value: view.email, error: errors?.email, autofocus: !problem, autocomplete: 'username' }),
      submitButton(t('password.sendLink')),
    ])}${view.signInUrl && html`<p class="more">${link(t('password.backToSignIn'), view.signInUrl)}</p>`}`,
  });
}

export interface LinkSentView extends PageView {
  readonly email: string;
  readonly signInUrl: string | null;
  /** Asks for another link. */
  readonly againUrl: string | null;
}

/** The same for an address that has an account and for one that has none. */
export function linkSentPage(view: LinkSentView): string {
  const { t } = view;
  return page({
    ...view,
    title: t('codes.title'),
    context: t.html('password.linkSent', { email: ltr(view.email) }),
    body: html`<p class="more">${t('codes.checkSpam')} ${link(t('password.sendAnother'), view.againUrl)}</p>${
      view.signInUrl && html`<p class="more">${link(t('password.backToSignIn'), view.signInUrl)}</p>`
    }`,
  });
}
