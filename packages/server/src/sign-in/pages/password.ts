import { html } from '../../core/index.ts';
import {
  type FormView,
  form,
  link,
  type Problem,
  passwordField,
  problemNote,
  settledEmailField,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';

export interface PasswordView extends PageView, FormView {
  readonly email: string;
  /** Back to the e-mail step. */
  readonly changeUrl: string | null;
  readonly errors?: { readonly password?: string };
  readonly problem?: Problem | null;
  /** To the sign-up page, which remembers the address. Null where nobody may sign up. */
  readonly signUpUrl: string | null;
}

/** Shown for every address, known or not, and the same each time. */
export function passwordPage(view: PasswordView): string {
  const { app, errors, problem } = view;
  const signUp = link('Create an account', view.signUpUrl);
  return page({
    ...view,
    title: 'Sign in',
    heading: 'Enter your password',
    context: html`to continue to <b>${app.name}</b>`,
    body: html`${problemNote(problem)}${form(view, [
      settledEmailField(view.email, view.changeUrl),
      passwordField({ autocomplete: 'current-password', error: errors?.password, autofocus: !problem }),
      submitButton('Sign in'),
    ])}${signUp && html`<p class="more">New to ${app.name}? ${signUp}</p>`}`,
  });
}
