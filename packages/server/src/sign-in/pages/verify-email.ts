import { attributes, type Html, html, raw } from '../../core/index.ts';
import {
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
import { texts, triesLeft } from './texts.ts';

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
  readonly problem?: Problem | null;
}

const cells = raw(`<span class="cells" aria-hidden="true">${'<i></i>'.repeat(6)}</span>`);

/** The same page for a new address and for one that has an account already; only the mail differs. */
export function verifyEmailPage(view: VerifyEmailView): string {
  const { state } = view;
  if (state.kind === 'expired' || state.kind === 'too_many_tries') return deadCodePage(view, state.kind);

  const error = errorOf(state);
  return page({
    ...view,
    title: 'Check your email',
    context: html`We sent a six-digit code to ${ltr(view.email)}. ${link(html`Change<span class="unseen"> email</span>`, view.changeUrl)}`,
    body: html`${problemNote(view.problem)}${goodNote(state.kind === 'resent' && !view.problem ? texts.codeSentAgain : null)}${form(
      view,
      [codeField(error, !view.problem), submitButton('Continue')],
    )}${form(view.resend, html`<span>Nothing yet? Check spam.</span>${resendButton(view.resend, 'text-button', 'Send again')}`, 'more resend')}`,
  });
}

/** A code that can no longer be right: asking for it again would only cost time. One click gets a new one. */
function deadCodePage(view: VerifyEmailView, kind: 'expired' | 'too_many_tries'): string {
  const expired = kind === 'expired';
  return page({
    ...view,
    title: 'Check your email',
    heading: expired ? 'That code has expired' : 'Let’s use a new code',
    context: expired
      ? html`Codes work for a short time only. We can send a new one to ${ltr(view.email)}.`
      : html`The last code was tried too often, so it no longer works. We can send a new one to ${ltr(view.email)}.`,
    body: html`${problemNote(view.problem)}${form(view.resend, resendButton(view.resend, 'button', 'Send a new code'))}${
      view.changeUrl && html`<p class="more">${link('Use another email', view.changeUrl)}</p>`
    }`,
  });
}

function codeField(error: string | null, autofocus: boolean): Html {
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
  return html`<div class="field${error && ' bad'}"><div class="label-row"><label for="code">Code</label></div><div class="code">${cells}<input${input}></div><div class="slot">${error && message('code-error', error)}</div></div>`;
}

/** Without script a plain button: the server refuses what comes too early, and says for how long. */
function resendButton(resend: ResendView, className: string, label: string): Html {
  const waiting = resend.waitSeconds > 0;
  const data = attributes({
    'data-wait': waiting ? Math.ceil(resend.waitSeconds) : null,
    'data-ready': waiting ? 'You can ask for a new code now.' : null,
  });
  return html`<button class="${className}" type="submit"${data}>${label}<span class="count" aria-hidden="true"></span></button>`;
}

function errorOf(state: Exclude<CodeState, { kind: 'expired' | 'too_many_tries' }>): string | null {
  switch (state.kind) {
    case 'waiting':
    case 'resent':
      return null;
    case 'incomplete':
      return 'Enter the six digits from the email.';
    case 'wrong':
      return `That code is not right. ${triesLeft(state.triesLeft)}`;
  }
}
