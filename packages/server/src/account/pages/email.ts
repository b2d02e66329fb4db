import { codeField, emailField, goodNote, ltr, type ResendView, resendForm } from '../../sign-in/index.ts';
import type { Say } from '../../texts/index.ts';
import { type ChangeView, changePage } from './forms.ts';

export interface NewEmailView extends ChangeView {
  /** As typed. */
  readonly email: string;
  readonly error?: Say;
}

export function newEmailPage(view: NewEmailView): string {
  const { t, email, error, problem } = view;
  return changePage(view, {
    title: t('account.emailTitle'),
    context: t('account.emailChangeAbout'),
    body: emailField(t, { value: email, error, autofocus: !problem, autocomplete: 'email' }),
    submit: t('common.continue'),
  });
}

export interface NewEmailCodeView extends ChangeView {
  /** The address that is to be theirs. */
  readonly email: string;
  readonly resend: ResendView;
  /** Another code was asked for a moment ago. */
  readonly isResent: boolean;
  readonly error?: Say;
}

/** The same for an address that can be theirs and for one that is somebody's: only the mail differs. */
export function newEmailCodePage(view: NewEmailCodeView): string {
  const { t, email, resend, isResent, error, problem } = view;
  return changePage(view, {
    title: t('account.emailTitle'),
    heading: t('codes.title'),
    context: t.html('account.emailCodeAbout', { email: ltr(email) }),
    back: t('codes.useAnotherEmail'),
    said: goodNote(t, isResent && !problem ? 'account.emailCodeAgain' : null),
    body: codeField(t, error ?? null, !problem),
    submit: t('common.continue'),
    below: resendForm(t, resend),
  });
}
