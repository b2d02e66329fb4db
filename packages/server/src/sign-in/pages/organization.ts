import { type Html, html } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';
import { type FormView, form, ltr, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';
import { secondaryButton } from './other-ways.ts';
import { type SignOnView, signOnForm } from './sign-on.ts';

export interface ChooseOrganizationView extends PageView, FormView {
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly email: string;
  /** The same form's other answer: somebody else signs in. */
  readonly problem?: Problem | null;
}

/** One button each: a click is the choice, without script too. With it the arrow keys move between them. */
export function chooseOrganizationPage(view: ChooseOrganizationView): string {
  const { app, t, email, organizations, problem } = view;
  return page({
    ...view,
    title: t('organizations.chooseTitle'),
    context: t.html('organizations.chooseContext', { app: app.name, email: ltr(email) }),
    body: html`${problemNote(t, problem)}${form(
      view,
      html`<ul class="rows" data-arrows>${organizations.map((each, index) => html`<li>${row(each, index === 0 && !problem)}</li>`)}</ul>`,
    )}${otherAccount(t, view)}`,
  });
}

function row({ id, name }: { readonly id: string; readonly name: string }, isFirst: boolean): Html {
  return html`<button class="row" type="submit" name="organization_id" value="${id}"${isFirst && html` autofocus`}><span class="tile" aria-hidden="true">${initialsOf(name)}</span><bdi>${name}</bdi></button>`;
}

/** Of the first two words; of one word its first letter. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}

const otherAccount = (t: Translator, view: FormView): Html =>
  form(
    view,
    html`<button class="text-button" type="submit" name="choice" value="other_account">${t('organizations.otherAccount')}</button>`,
    'choices',
  );

export interface NotAMemberView extends PageView, FormView {
  readonly organizationName: string;
  readonly email: string;
  readonly canGoBack: boolean;
}

/** The app asked for an organization that this person does not belong to. */
export function notAMemberPage(view: NotAMemberView): string {
  const { app, t, organizationName, email, canGoBack } = view;
  return page({
    ...view,
    title: t('organizations.notAMemberTitle'),
    heading: t('organizations.notAMemberHeading', { where: organizationName }),
    context: t.html('organizations.signedInAs', { email: ltr(email) }),
    body: html`<p class="prose apart">${t('organizations.notAMemberAdvice')}</p>${form(view, [
      html`<input type="hidden" name="choice" value="other_account">`,
      submitButton(t('organizations.otherAccount')),
    ])}${
      canGoBack &&
      form(
        view,
        secondaryButton(t('organizations.backTo', { app: app.name }), { name: 'choice', value: 'back' }),
        'choices',
      )
    }`,
  });
}

export interface ChangeMethodView extends PageView, FormView {
  readonly organizationName: string;
  /** In the reader's words. */
  readonly methods: readonly string[];
  /** The person is on the way to their account, and not into the organization. */
  readonly isForAccount?: boolean;
  readonly canChooseAnother: boolean;
  /** Its own identity provider, where it has one and takes it. */
  readonly signOn?: SignOnView | null;
}

/** No method is named where an organization's provider has brought somebody who is not its own to their account. */
const contextOf = ({ methods, isForAccount = false }: ChangeMethodView) => {
  if (!isForAccount) return 'organizations.methodContext';
  return methods.length > 0 ? 'organizations.methodAccountContext' : 'organizations.methodAccountElsewhere';
};

/** The organization lets people in by other ways than the one that was just used. */
export function changeMethodPage(view: ChangeMethodView): string {
  const { t, organizationName, methods, canChooseAnother, signOn } = view;
  return page({
    ...view,
    title: t('organizations.methodTitle'),
    heading: t('organizations.methodHeading', { where: organizationName }),
    context: t(contextOf(view), { where: organizationName }),
    body: html`${methods.length > 0 && html`<ul class="bullets apart">${methods.map((method) => html`<li>${method}</li>`)}</ul>`}${signOnForm(t, signOn, true)}${form(
      view,
      [
        html`<input type="hidden" name="choice" value="again">`,
        signOn ? secondaryButton(t('organizations.methodAgain')) : submitButton(t('organizations.methodAgain')),
      ],
      signOn ? 'choices' : undefined,
    )}${
      canChooseAnother &&
      form(
        view,
        secondaryButton(t('organizations.chooseAnother'), { name: 'choice', value: 'organization' }),
        'choices',
      )
    }`,
  });
}
