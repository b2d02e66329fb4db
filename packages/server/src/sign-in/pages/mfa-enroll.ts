import { type Html, html } from '../../core/index.ts';
import { type Say, say } from '../../texts/index.ts';
import { type FormView, form, link, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';
import { codeField } from './verify-email.ts';

export interface MfaEnrollView extends PageView, FormView {
  /** Base32. */
  readonly secret: string;
  /** `otpauth://totp/…`, for an app on this very device. */
  readonly uri: string;
  /** The same, drawn. Takes the words that stand for it. */
  readonly qrCode: (label: string) => Html;
  readonly errors?: { readonly code?: Say };
  readonly problem?: Problem | null;
  /** What it is for: by default, that the sign-in which goes on asks for it. */
  readonly purpose?: Say;
  /** Away from here, where nobody has to stay. */
  readonly backUrl?: string | null;
}

/** Scan, or type, then show that it worked: only a right code makes the factor. */
export function mfaEnrollPage(view: MfaEnrollView): string {
  const { t, app, errors, problem, secret } = view;
  const needsLook = problem || errors?.code;
  return page({
    ...view,
    title: t('mfa.enrollTitle'),
    context: t.say(view.purpose ?? say('mfa.enrollContext', { app: app.name })),
    body: html`${problemNote(t, problem)}<p class="prose">${t('mfa.enrollScan')}</p>${view.qrCode(t('mfa.enrollPicture'))}<p class="prose">${t('mfa.enrollType')}</p><p class="seed"><code dir="ltr">${inGroups(secret)}</code><button class="text-button" type="button" data-copy="${secret}" data-copied="${t('common.copied')}" hidden>${t('common.copy')}</button></p><p class="prose apart"><a class="reach" href="${view.uri}">${t('mfa.enrollOpen')}</a></p><p class="prose apart">${t('mfa.enrollCode')}</p>${form(
      view,
      // Not focused at first: on a phone the keyboard would cover what is to be scanned.
      [codeField(t, errors?.code ?? null, Boolean(needsLook && !problem)), submitButton(t('common.continue'))],
    )}${view.backUrl && html`<p class="more">${link(t('account.back'), view.backUrl)}</p>`}`,
  });
}

/** Four and four, as people read and type it. */
const inGroups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret;
