import { type Html, html } from '../../core/index.ts';
import type { Say, Translator } from '../../texts/index.ts';
import {
  crossLink,
  type FormView,
  form,
  link,
  type Problem,
  problemNote,
  purpose,
  settledEmailField,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';
import { otherWays, secondaryButton } from './other-ways.ts';
import { type PasskeyFormView, passkeyWay } from './passkey.ts';
import { currentPasswordField } from './password-field.ts';
import { type SignOnView, signOnForm } from './sign-on.ts';

export interface PasswordView extends PageView, FormView {
  readonly email: string;
  /** The name of what they are invited to; null when they are not. */
  readonly invitedTo?: string | null;
  /** Back to the e-mail step. */
  readonly changeUrl: string | null;
  readonly errors?: { readonly password?: Say };
  readonly problem?: Problem | null;
  /** To the sign-up page, which remembers the address. Null where nobody may sign up. */
  readonly signUpUrl: string | null;
  /** Who has no account asks to be let in, instead of making one. */
  readonly isWaitlist?: boolean;
  /** To the page that mails a link for a new one. */
  readonly forgotUrl?: string | null;
  /** Asks for a code by mail instead; null where nobody may sign in with one. */
  readonly magicCode?: FormView | null;
  /** The organization that the app asks for has an identity provider of its own. */
  readonly signOn?: SignOnView | null;
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
    context: purpose(t, app, view.invitedTo),
    body: html`${problemNote(t, problem)}${form(view, [
      settledEmailField(t, view.email, view.changeUrl),
      currentPasswordField(t, {
        error: errors?.password,
        autofocus: !problem,
        aside: link(t('password.forgot'), view.forgotUrl),
      }),
      submitButton(t('signIn.signIn')),
    ])}${otherWays(t, [signOnForm(t, view.signOn), magicCodeWay(t, view.magicCode), passkeyWay(t, view.passkey, problem)])}${crossLink(t, view.isWaitlist ? 'organizations.waitlistLink' : 'signIn.newHere', view.signUpUrl, app)}`,
  });
}

/** A code by mail, for whoever has forgotten their password or never had one. */
const magicCodeWay = (t: Translator, view: FormView | null | undefined): Html | null =>
  view ? form(view, secondaryButton(t('codes.emailMe'))) : null;
