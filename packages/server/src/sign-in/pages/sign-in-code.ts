import { html } from '../../core/index.ts';
import { type FormView, form, link, ltr, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface AskForCodeView extends PageView, FormView {
  readonly email: string;
  /** Back to the e-mail step. */
  readonly changeUrl: string | null;
  /** Null where nobody has a password. */
  readonly passwordUrl: string | null;
  readonly problem?: Problem | null;
}

/** Before a code was asked for: opening a page sends nothing. */
export function askForCodePage(view: AskForCodeView): string {
  const { t } = view;
  return page({
    ...view,
    title: t('signIn.title'),
    heading: t('codes.askHeading'),
    context: html`${t.html('codes.ask', { email: ltr(view.email) })} ${link(t.html('common.changeEmail'), view.changeUrl)}`,
    body: html`${problemNote(t, view.problem)}${form(view, submitButton(t('codes.emailMe')))}${
      view.passwordUrl && html`<p class="more">${link(t('codes.usePassword'), view.passwordUrl)}</p>`
    }`,
  });
}
