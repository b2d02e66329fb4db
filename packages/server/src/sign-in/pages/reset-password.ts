import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import {
  type FormView,
  form,
  ltr,
  type Problem,
  problemNote,
  purpose,
  safeHref,
  settledEmailField,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';
import { newPasswordField } from './password-field.ts';

export interface ResetPasswordView extends PageView, FormView {
  readonly email: string;
  /** From the link; it goes back with the form. */
  readonly token: string;
  readonly passwordMinLength: number;
  /** Where the page asks what to say of a password that is being typed. */
  readonly adviceUrl?: string | null;
  readonly errors?: { readonly password?: Say };
  readonly problem?: Problem | null;
}

/** What the mailed link leads to. Looking at it spends nothing. */
export function resetPasswordPage(view: ResetPasswordView): string {
  const { t, errors, problem, passwordMinLength } = view;
  // The form's address is without the token, so opened it would not show this page again; `here` does.
  const { action: _, ...shown } = view;
  return page({
    ...shown,
    hasNewPassword: true,
    title: t('password.newTitle'),
    context: purpose(t, view.app),
    body: html`${problemNote(t, problem)}${form(view, [
      html`<input type="hidden" name="token" value="${view.token}">`,
      settledEmailField(t, view.email, null),
      newPasswordField(t, {
        error: errors?.password,
        minLength: passwordMinLength,
        autofocus: !problem,
        adviceUrl: view.adviceUrl,
      }),
      submitButton(t('password.save')),
    ])}`,
  });
}

export interface OlderLinkView extends PageView, FormView {
  readonly email: string;
}

/** A newer link was mailed. One click mails another. */
export function olderLinkPage(view: OlderLinkView): string {
  const { t, email } = view;
  return page({
    ...view,
    title: t('password.olderLink'),
    context: t.html('password.olderLinkWhy', { email: ltr(email) }),
    body: form(view, [
      html`<input type="hidden" name="email" value="${email}">`,
      submitButton(t('password.sendAnother')),
    ]),
  });
}

export interface PasswordChangedView extends PageView {
  /** Where a sign-in starts; null when the app has no address for that. */
  readonly signInUrl: string | null;
}

/** The end, where no sign-in waits in this browser. */
export function passwordChangedPage(view: PasswordChangedView): string {
  const { t } = view;
  const href = safeHref(view.signInUrl);
  return page({
    ...view,
    title: t('password.changedHeading'),
    context: t(href ? 'password.changedContext' : 'password.changedGoBack'),
    body: href ? html`<a class="button" href="${href}">${t('signIn.signIn')}</a>` : html``,
  });
}
