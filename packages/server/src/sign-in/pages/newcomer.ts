import { html } from '../../core/index.ts';
import { takesOneName } from '../../texts/index.ts';
import { agreement } from './agreement.ts';
import { type FormView, form, link, ltr, type Problem, problemNote, submitButton, summary } from './components.ts';
import { type PageView, page } from './layout.ts';
import { type NameFields, nameFields } from './name-fields.ts';

export interface NewcomerView extends PageView, FormView, NameFields {
  /** Proved with the code. */
  readonly email: string;
  /** Back to the page with every way in. */
  readonly otherWayUrl: string;
  readonly problem?: Problem | null;
}

/** A code has proved an inbox that nobody has an account with: what a sign-up asks besides. */
export function newcomerPage(view: NewcomerView): string {
  const { app, t, email, errors = {}, problem, otherWayUrl } = view;
  const faults = takesOneName(t.locale) ? [errors.name] : [errors.firstName, errors.lastName];
  const summarized = faults.filter(Boolean).length > 1;
  return page({
    ...view,
    title: t('signIn.signUpTitle'),
    heading: t('signIn.signUpHeading'),
    context: t.html('signIn.newcomerContext', { email: ltr(email) }),
    body: html`${problemNote(t, problem)}${summary(t, faults)}${form(view, [
      nameFields(t, { ...view, errors, summarized, focus: problem ? null : firstToFill(view) }),
      submitButton(t('signIn.signUp')),
      agreement(t, app),
    ])}<p class="more">${link(t('organizations.methodAgain'), otherWayUrl)}</p>`,
  });
}

/** The first name with an error, else the first. */
function firstToFill({ errors = {}, t }: NewcomerView): string {
  if (takesOneName(t.locale)) return 'name';
  return errors.lastName && !errors.firstName ? 'last_name' : 'first_name';
}
