import { type Html, html } from '../../core/index.ts';
import { type Say, takesOneName } from '../../texts/index.ts';
import { agreement } from './agreement.ts';
import {
  crossLink,
  emailField,
  type FormView,
  form,
  type Problem,
  problemNote,
  purpose,
  submitButton,
  summary,
} from './components.ts';
import { type PageView, page } from './layout.ts';
import { type NameField, type NameFields, nameFields } from './name-fields.ts';
import { newPasswordField } from './password-field.ts';
import { type SocialView, socialButtons, socialForm } from './social.ts';

export interface SignUpView extends PageView, FormView, NameFields {
  /** False where an address leads nowhere: then nothing asks for one. */
  readonly takesAddress?: boolean;
  /** Null where nobody has a password: the code from the mail is all it takes. */
  readonly passwordMinLength: number | null;
  /** Where the page asks what to say of a password that is being typed. */
  readonly adviceUrl?: string | null;
  /** The work this sign-up costs (`newChallenge`); null where it costs none. */
  readonly challenge?: string | null;
  readonly email?: string;
  /** `password` says what to change about a weak one, in the place of the rule. */
  readonly errors?: Partial<Record<'email' | 'name' | 'firstName' | 'lastName' | 'password', Say>>;
  readonly problem?: Problem | null;
  readonly signInUrl: string | null;
  /** The name of what they are invited to; null when they are not. */
  readonly invitedTo?: string | null;
  readonly social?: SocialView | null;
}

type Name = 'email' | NameField | 'password';

/** One page, one password field, no confirmation: showing what was typed prevents more mistakes than typing it twice. */
export function signUpPage(view: SignUpView): string {
  const { app, t, email, errors = {}, problem, passwordMinLength, takesAddress = true } = view;
  const focus = problem ? null : firstToFill(view);
  const isOne = takesOneName(t.locale);
  const ofName = isOne ? [errors.name] : [errors.firstName, errors.lastName];
  const faults = [errors.email, ...ofName, errors.password];
  const summarized = faults.filter(Boolean).length > 1;

  return page({
    ...view,
    hasNewPassword: true,
    title: t('signIn.signUpTitle'),
    heading: t('signIn.signUpHeading'),
    context: purpose(t, app, view.invitedTo),
    body: html`${problemNote(t, problem)}${summary(t, faults)}${socialButtons(t, view.social, null, takesAddress)}${
      takesAddress &&
      form(view, [
        workFields(view.challenge),
        emailField(t, {
          value: email,
          error: errors.email,
          summarized,
          autofocus: focus === 'email',
          autocomplete: 'username',
        }),
        nameFields(t, { ...view, errors, summarized, focus }),
        passwordMinLength !== null &&
          newPasswordField(t, {
            error: errors.password,
            summarized,
            minLength: passwordMinLength,
            autofocus: focus === 'password',
            adviceUrl: view.adviceUrl,
          }),
        submitButton(t('signIn.signUp')),
        agreement(t, app),
      ])
    }${socialForm(view.social)}${crossLink(t, 'signIn.haveAccount', view.signInUrl, app)}`,
  });
}

/** The challenge goes back as it is; the script finds what belongs into the other field. */
const workFields = (challenge: string | null | undefined): Html | null =>
  challenge
    ? html`<input type="hidden" name="challenge" value="${challenge}"><input type="hidden" name="proof" value="" data-work="${challenge.split('.')[1]}">`
    : null;

/** The first field with an error, else the first one still empty. A password is always empty. */
function firstToFill({ names, errors = {}, passwordMinLength, t, ...view }: SignUpView): Name {
  if (errors.email) return 'email';
  if (errors.name) return 'name';
  if (errors.firstName) return 'first_name';
  if (errors.lastName) return 'last_name';
  if (errors.password) return 'password';
  if (!view.email) return 'email';
  if (names !== 'off' && !view.firstName) return takesOneName(t.locale) ? 'name' : 'first_name';
  return passwordMinLength === null ? 'email' : 'password';
}
