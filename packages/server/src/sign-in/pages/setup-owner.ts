import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import { emailField, type FormView, form, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface SetupOwnerView extends PageView, FormView {
  readonly email?: string;
  readonly errors?: { readonly email?: Say };
  readonly problem?: Problem | null;
}

/** The dashboard's first run: whoever holds the printed link names the owner. */
export function setupOwnerPage(view: SetupOwnerView): string {
  const { t, email, errors, problem } = view;
  return page({
    ...view,
    title: t('signIn.setupTitle'),
    context: t('signIn.setupContext'),
    body: html`${problemNote(t, problem)}${form(view, [
      emailField(t, { value: email, error: errors?.email, autofocus: !problem, autocomplete: 'username' }),
      submitButton(t('common.continue')),
    ])}<p class="more">${t('signIn.setupNext')}</p>`,
  });
}
