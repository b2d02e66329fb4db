import { html } from '../../core/index.ts';
import {
  emailField,
  type FormView,
  form,
  goodNote,
  link,
  type Problem,
  problemNote,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';

export interface SignInView extends PageView, FormView {
  readonly email?: string;
  readonly errors?: { readonly email?: string };
  readonly problem?: Problem | null;
  readonly notice?: string | null;
  /** Null where nobody may sign up. */
  readonly signUpUrl: string | null;
}

/** The first step: only the address. What follows depends on it, and on nothing an onlooker could learn here. */
export function signInPage(view: SignInView): string {
  const { app, email, errors, problem } = view;
  const signUp = link('Create an account', view.signUpUrl);
  return page({
    ...view,
    title: 'Sign in',
    context: html`to continue to <b>${app.name}</b>`,
    body: html`${problemNote(problem)}${goodNote(view.notice)}${form(view, [
      emailField({ value: email, error: errors?.email, autofocus: !problem, autocomplete: 'username webauthn' }),
      submitButton('Continue'),
    ])}${signUp && html`<p class="more">New to ${app.name}? ${signUp}</p>`}`,
  });
}
