import { html } from '../../core/index.ts';
import type { AuthenticationMethod } from '../../protocol/index.ts';
import type { Say } from '../../texts/index.ts';
import {
  crossLink,
  emailField,
  type FormView,
  form,
  goodNote,
  type Problem,
  problemNote,
  purpose,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';
import { lastUsedNote, lastUsedWords, otherWays } from './other-ways.ts';
import { type PasskeyFormView, passkeyWay } from './passkey.ts';
import { type SocialView, socialButtons, socialForm } from './social.ts';

export interface SignInView extends PageView, FormView {
  /** False where an address leads nowhere: only accounts elsewhere and passkeys let people in. Then nothing asks for one. */
  readonly takesAddress?: boolean;
  readonly email?: string;
  readonly errors?: { readonly email?: Say };
  readonly problem?: Problem | null;
  readonly notice?: Say | null;
  /** Null where nobody may sign up. */
  readonly signUpUrl: string | null;
  /** Who has no account asks to be let in, instead of making one. */
  readonly isWaitlist?: boolean;
  /** The name of what they are invited to; null when they are not. */
  readonly invitedTo?: string | null;
  /** Accounts elsewhere that sign people in here. */
  readonly social?: SocialView | null;
  /** Null where nobody may sign in with a passkey. */
  readonly passkey?: PasskeyFormView | null;
  /** How somebody signed in here before, in this browser. */
  readonly lastMethod?: AuthenticationMethod | null;
}

/** The first step: only the address. What follows depends on it, and on nothing an onlooker could learn here. */
export function signInPage(view: SignInView): string {
  const { app, t, email, errors, problem, lastMethod, takesAddress = true } = view;
  const words = lastUsedWords(t);
  const hasSocial = Boolean(view.social?.providers.length);
  const isByEmail = lastMethod === 'Password' || lastMethod === 'MagicAuth';
  return page({
    ...view,
    hasPasskeyForm: Boolean(view.passkey),
    title: t('signIn.title'),
    context: purpose(t, app, view.invitedTo),
    body: html`${problemNote(t, problem)}${goodNote(t, view.notice)}${socialButtons(t, view.social, lastMethod, takesAddress)}${
      takesAddress &&
      form(view, [
        emailField(t, {
          value: email,
          error: errors?.email,
          autofocus: !problem,
          autocomplete: 'username webauthn',
          aside: isByEmail && lastUsedNote(words),
        }),
        submitButton(t('common.continue')),
      ])
    }${socialForm(view.social)}${otherWays(t, [passkeyWay(t, view.passkey, problem, lastMethod === 'Passkey' ? words : null)], takesAddress !== hasSocial)}${crossLink(t, view.isWaitlist ? 'organizations.waitlistLink' : 'signIn.newHere', view.signUpUrl, app)}`,
  });
}
