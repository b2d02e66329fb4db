import { attributes, type Html, html, type Printable, raw } from '../../core/index.ts';
import type { Say, Translator } from '../../texts/index.ts';

/** What every step's form carries. */
export interface FormView {
  /** A path of ours, with the attempt in its query. */
  readonly action: string;
  readonly csrf: string;
  /** The step this form answers: one that does not fit the attempt restarts instead of guessing. */
  readonly step: string;
}

/** Something that concerns the page and not one field. */
export interface Problem {
  readonly message: Say;
  /** With it the page counts down: too many requests, so many seconds to wait. */
  readonly waitSeconds?: number;
}

export interface LinkView {
  readonly label: string;
  readonly href: string;
}

const drawing = (paths: string, size = 16) =>
  raw(
    `<svg width="${size}" height="${size}" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"` +
      ` stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`,
  );

export const icons = {
  alert: drawing('<circle cx="8" cy="8" r="6.25"/><path d="M8 5v3.5M8 11v.01"/>'),
  clock: drawing('<circle cx="8" cy="8" r="6.25"/><path d="M8 4.75V8l2.25 1.5"/>'),
  tick: drawing('<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 1.9 1.9 3.6-4"/>'),
  key: drawing('<circle cx="5.5" cy="8" r="3"/><path d="M8.5 8h6v2.75M12 8v2"/>', 18),
  globe: drawing(
    '<circle cx="8" cy="8" r="6.25"/><path d="M1.75 8h12.5M8 1.75c4.5 4.25 4.5 8.25 0 12.5M8 1.75c-4.5 4.25-4.5 8.25 0 12.5"/>',
    14,
  ),
  lock: drawing(
    '<rect x="3.25" y="7" width="9.5" height="6.5" rx="1.75"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    14,
  ),
};

/**
 * A link's address when it may be one: a path here, or http(s). Tenants choose some of these (a sign-in endpoint), and
 * `javascript:` in an `href` is script in our origin.
 */
export function safeHref(url: string | null | undefined): string | null {
  if (!url) return null;
  if (/^\/(?![/\\])/.test(url)) return url;
  return /^https?:\/\/[^/\\]/i.test(url) ? url : null;
}

/** A link in running text; nothing when the address is not one we may link. */
export function link(label: Printable, url: string | null | undefined): Html | null {
  const href = safeHref(url);
  return href === null ? null : html`<a class="reach" href="${href}">${label}</a>`;
}

/**
 * A form of one step. `novalidate`, because the browser's bubbles would keep people from the errors the server draws,
 * which are the same with and without script.
 */
export function form(
  view: FormView,
  body: Printable,
  className?: string,
  more: Parameters<typeof attributes>[0] = {},
): Html {
  return html`<form method="post"${attributes({ action: view.action, class: className, ...more })} novalidate><input type="hidden" name="csrf" value="${view.csrf}"><input type="hidden" name="step" value="${view.step}"><input type="hidden" name="passkeys" value="" data-can-make-passkey>${body}</form>`;
}

/** The page's one primary button. @param isDanger - it ends something for good, and does not look like going on */
export function submitButton(label: Printable, { isDanger = false } = {}): Html {
  return html`<button class="button${isDanger && ' danger'}" type="submit">${label}</button>`;
}

export interface FieldView {
  /** `id` and `name` alike: password managers remember fields by both, so they never change. */
  readonly id: string;
  readonly label: Say;
  readonly type: 'email' | 'password' | 'text';
  readonly autocomplete: string;
  readonly value?: string;
  readonly error?: Say;
  readonly hint?: Say;
  readonly optional?: boolean;
  readonly autofocus?: boolean;
  /** The page shows several errors and has a summary; this one need not announce itself. */
  readonly summarized?: boolean;
  /** Beside the label. */
  readonly aside?: Printable;
  readonly inset?: Printable;
  /** Between the input and its hint. */
  readonly below?: Printable;
  readonly more?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/**
 * A label, its input, and the place below for the hint or the error. The two share it: an error says what to do about
 * the rule in the hint, and the hint is back when the error is gone.
 */
export function field(t: Translator, view: FieldView): Html {
  const { id, error, hint, optional } = view;
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`, optional && `${id}-optional`].filter(Boolean);
  const input = attributes({
    id,
    name: id,
    type: view.type,
    autocomplete: view.autocomplete,
    value: view.value,
    required: !optional && !view.more?.readonly,
    'aria-invalid': error ? 'true' : null,
    'aria-describedby': describedBy.join(' ') || null,
    autofocus: view.autofocus,
    ...view.more,
  });
  // "Optional" stands beside the label and not in it: the label is the field's name, for people and for tests.
  return html`<div class="field${hint && ' hinted'}${error && ' bad'}${view.more?.readonly && ' settled'}"><div class="label-row"><label for="${id}">${t.say(view.label)}</label>${
    optional && html`<span class="aside" id="${id}-optional">${t('common.optional')}</span>`
  }${view.aside}</div><div class="box"><input${input}>${view.inset}</div>${view.below}<div class="slot">${
    error && message(`${id}-error`, t.say(error), view.summarized)
  }${hint && html`<p class="hint" id="${id}-hint">${t.say(hint)}</p>`}</div></div>`;
}

export function message(id: string, text: string, summarized?: boolean): Html {
  return html`<p class="message" id="${id}"${attributes({ role: summarized ? null : 'alert' })}>${icons.alert}<span>${text}</span></p>`;
}

export interface EmailFieldView {
  readonly value?: string;
  readonly error?: Say;
  readonly autofocus?: boolean;
  readonly autocomplete: string;
  readonly summarized?: boolean;
  readonly aside?: Printable;
}

export function emailField(t: Translator, view: EmailFieldView): Html {
  return field(t, {
    ...view,
    id: 'email',
    label: 'common.email',
    type: 'email',
    more: { inputmode: 'email', autocapitalize: 'none', spellcheck: 'false', dir: 'ltr' },
  });
}

/**
 * The address of an earlier step. It stays in the form as a field of its own, so that password managers store the
 * pair, and cannot be edited here, so that the password is tried for the address that was looked at.
 */
export function settledEmailField(t: Translator, email: string, changeUrl: string | null): Html {
  return field(t, {
    id: 'email',
    label: 'common.email',
    type: 'email',
    autocomplete: 'username',
    value: email,
    // Beside the label, so that a long address has the whole width of a phone.
    aside: link(t.html('common.changeEmail'), changeUrl),
    more: { readonly: true, dir: 'ltr' },
  });
}

/** What concerns the whole page. It takes the focus: after a full reload no live region speaks (WCAG 2.2 SC 4.1.3). */
export function problemNote(t: Translator, problem: Problem | null | undefined): Html | null {
  if (!problem) return null;
  const { waitSeconds } = problem;
  const text = t.say(problem.message);
  if (waitSeconds === undefined)
    return html`<div class="note note-error" role="alert" tabindex="-1" autofocus>${icons.alert}<p>${text}</p></div>`;
  const wait = t('common.tryAgainWhen', { when: t.inTime(waitSeconds) });
  const counting = attributes({
    'data-countdown': waitSeconds,
    'data-counting': t('common.tryAgainClock', { time: clock }),
    'data-ready': t('common.tryAgainNow'),
  });
  // What counts is hidden from screen readers and the fixed sentence from eyes: a number read out each second helps nobody.
  return html`<div class="note note-wait" role="alert" tabindex="-1" autofocus>${icons.clock}<p>${text} <span class="count" aria-hidden="true"${counting}>${wait}</span><span class="unseen">${wait}</span></p></div>`;
}

/** Stands for the running clock in a sentence that the script writes again each second. */
export const clock = '%';

export function goodNote(t: Translator, said: Say | null | undefined): Html | null {
  return said ? html`<div class="note note-good" role="status">${icons.tick}<p>${t.say(said)}</p></div>` : null;
}

/** Above a form in which several fields need a look; a single one speaks for itself. */
export function summary(t: Translator, errors: readonly (Say | undefined)[]): Html | null {
  const count = errors.filter(Boolean).length;
  if (count < 2) return null;
  return html`<div class="note note-error" id="fields-to-check" role="alert">${icons.alert}<p>${t('common.checkFields', { count })}</p></div>`;
}

/** An address or a host inside a sentence, left-to-right in any language. */
export function ltr(text: string): Html {
  return html`<bdi class="strong" dir="ltr">${text}</bdi>`;
}

/** What a sign-in is for, under its heading: to go on to the app, or to join what they are invited to. */
export const purpose = (t: Translator, app: { readonly name: string }, invitedTo?: string | null): Html =>
  invitedTo ? t.html('organizations.toJoin', { where: invitedTo }) : t.html('signIn.toContinue', { app: app.name });

/** `New to Acme? Create an account`: the line that leads to the other way in; nothing where there is none. */
export function crossLink(
  t: Translator,
  key: 'signIn.newHere' | 'signIn.haveAccount' | 'organizations.waitlistLink',
  url: string | null,
  app: { readonly name: string },
): Html | null {
  if (safeHref(url) === null) return null;
  return html`<p class="more">${t.html(key, { app: app.name, link: (words) => link(words, url) ?? words })}</p>`;
}
