import { type Html, html, type Printable } from '../../core/index.ts';
import {
  type FormView,
  field,
  form,
  link,
  newPasswordField,
  type PageView,
  type PasskeyFormView,
  type Problem,
  page,
  passkeyForm,
  problemNote,
  safeHref,
  submitButton,
} from '../../sign-in/index.ts';
import { type Say, takesOneName } from '../../texts/index.ts';

/** One thing to change, on a page of its own. */
export interface ChangeView extends PageView {
  readonly form: FormView;
  readonly backUrl: string;
  readonly problem?: Problem | null;
}

interface Change {
  readonly title: string;
  readonly heading?: string;
  readonly context?: Printable;
  /** What went well, above the form. */
  readonly said?: Printable;
  readonly body: Printable;
  readonly submit: string;
  /** The form ends something. */
  readonly isDanger?: boolean;
  /** Below the form and above the way back. */
  readonly below?: Printable;
  /** Where the way back leads when it is not the account's first page. */
  readonly back?: string;
  /** A password is chosen here. */
  readonly hasNewPassword?: boolean;
}

/** What each of them has in common: the problem, the form, the way back. */
export function changePage(
  view: ChangeView,
  { said, body, submit, isDanger, below, back = view.t('account.back'), ...shown }: Change,
): string {
  const { t, problem, backUrl } = view;
  return page({
    ...view,
    ...shown,
    action: view.form.action,
    body: html`${problemNote(t, problem)}${said}${form(view.form, html`${body}${submitButton(submit, { isDanger })}`)}${below}${wayBack(back, backUrl)}`,
  });
}

const wayBack = (label: string, url: string): Html => html`<p class="more">${link(label, url)}</p>`;

export interface ProfileView extends ChangeView {
  readonly firstName: string;
  readonly lastName: string;
  /** Of the one field that some languages have. */
  readonly name: string;
  readonly errors?: { readonly name?: Say; readonly firstName?: Say; readonly lastName?: Say };
}

/** What browsers fill them with. */
const autocompletes = { name: 'name', first_name: 'given-name', last_name: 'family-name' } as const;

export function profilePage(view: ProfileView): string {
  const { t, firstName, lastName, name, errors = {} } = view;
  const nameField = (id: keyof typeof autocompletes, label: Say, value: string, error?: Say) =>
    field(t, {
      id,
      label,
      value,
      error,
      type: 'text',
      autocomplete: autocompletes[id],
      optional: true,
      autofocus: id !== 'last_name' && !view.problem,
      more: { autocapitalize: 'words', spellcheck: 'false' },
    });
  return changePage(view, {
    title: t('account.profileTitle'),
    body: takesOneName(t.locale)
      ? nameField('name', 'common.name', name, errors.name)
      : [
          nameField('first_name', 'common.firstName', firstName, errors.firstName),
          nameField('last_name', 'common.lastName', lastName, errors.lastName),
        ],
    submit: t('account.save'),
  });
}

export interface NewPasswordView extends ChangeView {
  readonly hasPassword: boolean;
  readonly minLength: number;
  /** Where the page asks what to say of a password that is being typed. */
  readonly adviceUrl?: string | null;
  /** In the form, so that password managers know which entry to change. */
  readonly email: string;
  readonly error?: Say;
}

export function newPasswordPage(view: NewPasswordView): string {
  const { t, hasPassword, minLength, email, error, problem } = view;
  return changePage(view, {
    hasNewPassword: true,
    title: t(hasPassword ? 'account.changePassword' : 'account.setPassword'),
    context: t('account.passwordEnds'),
    body: [
      html`<input type="email" name="email" autocomplete="username" value="${email}" readonly hidden>`,
      newPasswordField(t, { error, minLength, autofocus: !problem, adviceUrl: view.adviceUrl }),
    ],
    submit: t('account.save'),
  });
}

export interface RenamePasskeyView extends ChangeView {
  readonly name: string;
  readonly error?: Say;
}

export function renamePasskeyPage(view: RenamePasskeyView): string {
  const { t, name, error } = view;
  return changePage(view, {
    title: t('account.renameTitle'),
    body: field(t, {
      id: 'name',
      label: 'account.passkeyName',
      value: name,
      error,
      type: 'text',
      autocomplete: 'off',
      autofocus: true,
      more: { spellcheck: 'false' },
    }),
    submit: t('account.save'),
  });
}

/** Something that ends: said once more, in full, before it happens. */
export interface ConfirmView extends ChangeView {
  readonly title: Say;
  readonly heading: Say;
  readonly about: Say;
  /** Null when it cannot be done: then there is only the way back, and `problem` says why. */
  readonly submit: Say | null;
  /** Something better takes the place of what ends, so the button looks like any other. Default false. */
  readonly isReplaced?: boolean;
}

export function confirmPage(view: ConfirmView): string {
  const { t, submit, problem, backUrl } = view;
  const shown = { title: t.say(view.title), heading: t.say(view.heading) };
  if (submit !== null)
    return changePage(view, {
      ...shown,
      context: t.say(view.about),
      body: null,
      submit: t.say(submit),
      isDanger: !view.isReplaced,
    });
  return page({
    ...view,
    ...shown,
    action: view.form.action,
    body: html`${problemNote(t, problem)}<a class="button" href="${safeHref(backUrl)}">${t('account.back')}</a>`,
  });
}

export interface AddPasskeyView extends PageView {
  readonly create: PasskeyFormView;
  readonly backUrl: string;
  readonly problem?: Problem | null;
}

export function addPasskeyPage(view: AddPasskeyView): string {
  const { t, create, problem, backUrl } = view;
  return page({
    ...view,
    action: create.action,
    title: t('account.addPasskey'),
    context: t('account.passkeysAbout'),
    hasPasskeyForm: true,
    body: html`${problemNote(t, problem)}${passkeyForm(t, 'create', create, submitButton(t('passkeys.create')))}<noscript><p class="quiet">${t('passkeys.needScript')}</p></noscript>${wayBack(t('account.back'), backUrl)}`,
  });
}
