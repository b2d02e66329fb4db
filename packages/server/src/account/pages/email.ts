import { codeField, emailField } from '../../sign-in/index.ts';
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
  readonly error?: Say;
}

export function newEmailCodePage(view: NewEmailCodeView): string {
  const { t, error, problem } = view;
  return changePage(view, {
    title: t('account.emailTitle'),
    heading: t('codes.title'),
    context: t('account.emailCodeAbout'),
    back: t('codes.useAnotherEmail'),
    body: codeField(t, error ?? null, !problem),
    submit: t('common.continue'),
  });
}
