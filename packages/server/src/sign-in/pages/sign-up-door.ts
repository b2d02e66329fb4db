import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import {
  crossLink,
  emailField,
  type FormView,
  form,
  link,
  ltr,
  type Problem,
  problemNote,
  safeHref,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';

export interface SignUpClosedView extends PageView {
  readonly signInUrl: string;
}

/** Only the invited may make an account here. */
export function signUpClosedPage(view: SignUpClosedView): string {
  const { app, t, signInUrl } = view;
  return page({
    ...view,
    title: t('organizations.closedTitle'),
    heading: t('organizations.closedHeading', { app: app.name }),
    context: t('organizations.closedContext'),
    body: html`<a class="button" href="${safeHref(signInUrl) ?? '/'}">${t('signIn.signIn')}</a>`,
  });
}

export interface WaitlistView extends PageView, FormView {
  readonly email?: string;
  readonly errors?: { readonly email?: Say };
  readonly problem?: Problem | null;
  readonly signInUrl: string | null;
}

/** In the place of the sign-up form. */
export function waitlistPage(view: WaitlistView): string {
  const { app, t, email, errors, problem, signInUrl } = view;
  return page({
    ...view,
    title: t('organizations.waitlistJoinTitle'),
    heading: t('organizations.waitlistJoinHeading', { app: app.name }),
    context: t('organizations.waitlistJoinContext'),
    body: html`${problemNote(t, problem)}${form(view, [
      emailField(t, { value: email, error: errors?.email, autofocus: !problem, autocomplete: 'email' }),
      submitButton(t('organizations.waitlistJoin')),
    ])}${crossLink(t, 'signIn.haveAccount', signInUrl, app)}`,
  });
}

export interface WaitlistJoinedView extends PageView {
  readonly email: string;
  readonly signInUrl: string;
}

/** The same whatever the address was: new, on the list already, or somebody's with an account. */
export function waitlistJoinedPage(view: WaitlistJoinedView): string {
  const { t, email, signInUrl } = view;
  return page({
    ...view,
    title: t('organizations.waitlistDoneTitle'),
    context: t.html('organizations.waitlistDoneContext', { email: ltr(email) }),
    body: html`<p class="more">${link(t('signIn.signIn'), signInUrl)}</p>`,
  });
}
