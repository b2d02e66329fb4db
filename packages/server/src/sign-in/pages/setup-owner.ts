import { html } from '../../core/index.ts';
import { emailField, type FormView, form, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface SetupOwnerView extends PageView, FormView {
  readonly email?: string;
  readonly errors?: { readonly email?: string };
  readonly problem?: Problem | null;
}

/** The dashboard's first run: whoever holds the printed link names the owner. */
export function setupOwnerPage(view: SetupOwnerView): string {
  const { email, errors, problem } = view;
  return page({
    ...view,
    title: 'Set up AuthKit',
    context: 'You are the first one here. The email you give becomes the owner of this installation.',
    body: html`${problemNote(problem)}${form(view, [
      emailField({ value: email, error: errors?.email, autofocus: !problem, autocomplete: 'username' }),
      submitButton('Continue'),
    ])}<p class="more">Next you choose a password, and confirm the address with a code.</p>`,
  });
}
