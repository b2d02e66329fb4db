import { attributes, type Html, html, raw } from '../../core/index.ts';
import { type Say, say, type Translator } from '../../texts/index.ts';
import {
  clock,
  type FormView,
  form,
  goodNote,
  link,
  ltr,
  message,
  type Problem,
  problemNote,
  submitButton,
} from './components.ts';
import { type PageView, page } from './layout.ts';

/** Where the person stands with the code. */
export type CodeState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'resent' }
  /** Empty, or not six digits. It costs no try. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  | { readonly kind: 'expired' }
  | { readonly kind: 'too_many_tries' };

export interface ResendView extends FormView {
  /** Seconds until the server would send another one; 0 when it would now. */
  readonly waitSeconds: number;
}

export interface VerifyEmailView extends PageView, FormView {
  readonly email: string;
  readonly state: CodeState;
  readonly resend: ResendView;
  /** To the step where another address can be given. */
  readonly changeUrl: string | null;
  /** The code signs in, and a password would too. */
  readonly passwordUrl?: string | null;
  readonly problem?: Problem | null;
}

const cells = raw(`<span class="cells" aria-hidden="true">${'<i></i>'.repeat(6)}</span>`);

/** The same page for a new address and for one that has an account already; only the mail differs. */
export function verifyEmailPage(view: VerifyEmailView): string {
  const { t, state, resend } = view;
  if (state.kind === 'expired' || state.kind === 'too_many_tries') return deadCodePage(view, state.kind);

  const error = errorOf(state);
  return page({
    ...view,
    title: t('codes.title'),
    context: html`${t.html('codes.sentTo', { email: ltr(view.email) })} ${link(t.html('common.changeEmail'), view.changeUrl)}`,
    body: html`${problemNote(t, view.problem)}${goodNote(t, state.kind === 'resent' && !view.problem ? 'codes.sentAgain' : null)}${form(
      view,
      [codeField(t, error, !view.problem), submitButton(t('common.continue'))],
    )}${resendForm(t, resend)}${
      view.passwordUrl && html`<p class="more">${link(t('codes.usePassword'), view.passwordUrl)}</p>`
    }`,
  });
}

/** A code that can no longer be right: asking for it again would only cost time. One click gets a new one. */
function deadCodePage(view: VerifyEmailView, kind: 'expired' | 'too_many_tries'): string {
  const { t, resend, changeUrl } = view;
  const expired = kind === 'expired';
  return page({
    ...view,
    title: t('codes.title'),
    heading: t(expired ? 'codes.expiredHeading' : 'codes.exhaustedHeading'),
    context: t.html(expired ? 'codes.expired' : 'codes.exhausted', { email: ltr(view.email) }),
    body: html`${problemNote(t, view.problem)}${form(resend, resendButton(t, resend, 'button', 'codes.sendNew'))}${
      changeUrl && html`<p class="more">${link(t('codes.useAnotherEmail'), changeUrl)}</p>`
    }`,
  });
}

/** Six digits, for the person who has them in front of them: from a mail, an app, another screen. */
export function codeField(t: Translator, error: Say | null, autofocus: boolean): Html {
  const input = attributes({
    id: 'code',
    name: 'code',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: 6,
    pattern: '[0-9]*',
    dir: 'ltr',
    required: true,
    spellcheck: 'false',
    'aria-invalid': error ? 'true' : null,
    'aria-describedby': error ? 'code-error' : null,
    autofocus,
    'data-code': true,
  });
  return html`<div class="field${error && ' bad'}"><div class="label-row"><label for="code">${t('codes.label')}</label></div><div class="code">${cells}<input${input}></div><div class="slot">${error && message('code-error', t.say(error))}</div></div>`;
}

/** The line below a code field: what to do when no mail comes. */
export const resendForm = (t: Translator, resend: ResendView): Html =>
  form(
    resend,
    html`<span>${t('codes.checkSpam')}</span>${resendButton(t, resend, 'text-button', 'codes.sendAgain')}`,
    'more resend',
  );

/** Without script a plain button: the server refuses what comes too early, and says for how long. */
function resendButton(t: Translator, resend: ResendView, className: string, label: Say): Html {
  const waiting = resend.waitSeconds > 0;
  const data = attributes({
    'data-wait': waiting ? Math.ceil(resend.waitSeconds) : null,
    'data-counting': waiting ? t('codes.sendAgainClock', { time: clock }) : null,
    'data-ready': waiting ? t('codes.mayAskNow') : null,
  });
  return html`<button class="${className}" type="submit"${data}>${t.say(label)}<span class="count" aria-hidden="true"></span></button>`;
}

function errorOf(state: Exclude<CodeState, { kind: 'expired' | 'too_many_tries' }>): Say | null {
  switch (state.kind) {
    case 'waiting':
    case 'resent':
      return null;
    case 'incomplete':
      return 'codes.incomplete';
    case 'wrong':
      return say('codes.wrong', { count: state.triesLeft });
  }
}
