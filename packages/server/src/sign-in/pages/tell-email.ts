import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import { emailField, type FormView, form, link, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface TellEmailView extends PageView, FormView {
  /** The provider's name. */
  readonly provider: string;
  readonly email?: string;
  /** Back to the page with every way in. */
  readonly otherWayUrl: string;
  readonly errors?: { readonly email?: Say };
  readonly problem?: Problem | null;
}

/** The provider told no address. The one typed here is proved with a code, like any other. */
export function tellEmailPage(view: TellEmailView): string {
  const { t, provider, email, errors, problem } = view;
  return page({
    ...view,
    title: t('social.emailTitle'),
    heading: t('social.emailHeading'),
    context: t('social.emailContext', { provider }),
    body: html`${problemNote(t, problem)}${form(view, [
      emailField(t, { value: email, error: errors?.email, autofocus: !problem, autocomplete: 'email' }),
      submitButton(t('common.continue')),
    ])}<p class="more">${link(t('organizations.methodAgain'), view.otherWayUrl)}</p>`,
  });
}
