import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import {
  crossLink,
  emailField,
  type FormView,
  form,
  goodNote,
  type Problem,
  problemNote,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';
import { otherWays } from './other-ways.ts';
import { type PasskeyFormView, passkeyWay } from './passkey.ts';

export interface SignInView extends PageView, FormView {
  readonly email?: string;
  readonly errors?: { readonly email?: Say };
  readonly problem?: Problem | null;
  readonly notice?: Say | null;
  /** Null where nobody may sign up. */
  readonly signUpUrl: string | null;
  /** Null where nobody may sign in with a passkey. */
  readonly passkey?: PasskeyFormView | null;
}

/** The first step: only the address. What follows depends on it, and on nothing an onlooker could learn here. */
export function signInPage(view: SignInView): string {
  const { app, t, email, errors, problem } = view;
  return page({
    ...view,
    hasPasskeyForm: Boolean(view.passkey),
    title: t('signIn.title'),
    context: t.html('signIn.toContinue', { app: app.name }),
    body: html`${problemNote(t, problem)}${goodNote(t, view.notice)}${form(view, [
      emailField(t, { value: email, error: errors?.email, autofocus: !problem, autocomplete: 'username webauthn' }),
      submitButton(t('common.continue')),
    ])}${otherWays(t, [passkeyWay(t, view.passkey, problem)])}${crossLink(t, 'signIn.newHere', view.signUpUrl, app)}`,
  });
}
