import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import {
  crossLink,
  type FormView,
  form,
  type Problem,
  passwordField,
  problemNote,
  settledEmailField,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';
import { otherWays } from './other-ways.ts';
import { type PasskeyFormView, passkeyWay } from './passkey.ts';

export interface PasswordView extends PageView, FormView {
  readonly email: string;
  /** Back to the e-mail step. */
  readonly changeUrl: string | null;
  readonly errors?: { readonly password?: Say };
  readonly problem?: Problem | null;
  /** To the sign-up page, which remembers the address. Null where nobody may sign up. */
  readonly signUpUrl: string | null;
  /** Who has no account asks to be let in, instead of making one. */
  readonly isWaitlist?: boolean;
  /** Null where nobody may sign in with a passkey. */
  readonly passkey?: PasskeyFormView | null;
}

/** Shown for every address, known or not, and the same each time. */
export function passwordPage(view: PasswordView): string {
  const { app, t, errors, problem } = view;
  return page({
    ...view,
    hasPasskeyForm: Boolean(view.passkey),
    title: t('signIn.title'),
    heading: t('password.heading'),
    context: t.html('signIn.toContinue', { app: app.name }),
    body: html`${problemNote(t, problem)}${form(view, [
      settledEmailField(t, view.email, view.changeUrl),
      passwordField(t, { autocomplete: 'current-password', error: errors?.password, autofocus: !problem }),
      submitButton(t('signIn.signIn')),
    ])}${otherWays(t, [passkeyWay(t, view.passkey, problem)])}${crossLink(t, view.isWaitlist ? 'organizations.waitlistLink' : 'signIn.newHere', view.signUpUrl, app)}`,
  });
}
