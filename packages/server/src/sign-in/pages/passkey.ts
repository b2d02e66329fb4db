import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';
import { type FormView, form, icons, message, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';
import { type LastUsedWords, secondaryButton } from './other-ways.ts';

/** A form whose answer a script gets from an authenticator. */
export interface PasskeyFormView extends FormView {
  /** Where the script fetches the question, with what the form carries. */
  readonly optionsUrl: string;
}

/**
 * Hidden until a script has found that the browser knows passkeys. The script also answers from the list of the
 * page's e-mail field, where the browser has one.
 */
export function passkeyWay(
  t: Translator,
  view: PasskeyFormView | null | undefined,
  problem: Problem | null | undefined,
  lastUsed: LastUsedWords | null = null,
): Html | null {
  if (!view) return null;
  const button = secondaryButton(t('passkeys.use'), { icon: icons.key, lastUsed });
  return html`${passkeyForm(t, 'get', view, button, !problem)}${needsScript(t)}`;
}

/**
 * The form itself, for a page with `hasPasskeyForm`. Its field `credential` arrives as the authenticator's answer.
 *
 * @param asksByItself - not after a refusal: what answers by itself would be refused again, and again
 */
export function passkeyForm(
  t: Translator,
  purpose: 'get' | 'create',
  view: PasskeyFormView,
  button: Printable,
  asksByItself = false,
): Html {
  const failed = purpose === 'get' ? 'passkeys.failed' : 'passkeys.notCreated';
  return form(
    view,
    html`<input type="hidden" name="credential" value="">${button}<div data-problem hidden>${message(`passkey-${purpose}-error`, t(failed))}</div>`,
    'passkey',
    { hidden: true, 'data-passkey': purpose, 'data-options': view.optionsUrl, 'data-autofill': asksByItself },
  );
}

const needsScript = (t: Translator, className = 'quiet'): Html =>
  html`<noscript><p class="${className}">${t('passkeys.needScript')}</p></noscript>`;

export interface SecondPasskeyView extends PageView, PasskeyFormView {
  readonly problem?: Problem | null;
}

/** Two factors are demanded, and the person has them in a passkey. */
export function secondPasskeyPage(view: SecondPasskeyView): string {
  const { t, app, problem } = view;
  return page({
    ...view,
    title: t('mfa.title'),
    heading: t('passkeys.use'),
    context: t.html('mfa.passkeyContext', { app: app.name }),
    hasPasskeyForm: true,
    body: html`${problemNote(t, problem)}${passkeyForm(t, 'get', view, submitButton(t('passkeys.use')))}${needsScript(t, 'quiet apart')}<p class="quiet below">${t.html('mfa.passkeyLost', { app: app.name })}</p>`,
  });
}

export interface OfferPasskeyView extends PageView {
  readonly create: PasskeyFormView;
  readonly answer: FormView;
  readonly problem?: Problem | null;
}

/** After another method, once: a person who has just typed a password knows best what it is worth to be rid of it. */
export function offerPasskeyPage(view: OfferPasskeyView): string {
  const { t, create, answer, problem } = view;
  return page({
    ...view,
    action: answer.action,
    title: t('passkeys.offerTitle'),
    heading: t('passkeys.offerHeading'),
    context: t('passkeys.offerContext'),
    hasPasskeyForm: true,
    body: html`${problemNote(t, problem)}${passkeyForm(t, 'create', create, submitButton(t('passkeys.create')))}${needsScript(t, 'quiet apart')}${form(
      answer,
      html`${secondaryButton(t('passkeys.notNow'), { name: 'answer', value: 'later' })}<button class="text-button"${attributes({ type: 'submit', name: 'answer', value: 'never' })}>${t('passkeys.never')}</button>`,
      'choices',
    )}`,
  });
}
