import { html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import { type FormView, field, form, link, type Problem, problemNote, safeHref, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';
import { codeField } from './verify-email.ts';

export interface MfaView extends PageView, FormView {
  readonly errors?: { readonly code?: Say };
  readonly problem?: Problem | null;
  readonly recoveryUrl: string;
  readonly lostUrl: string;
}

/** Asks for a code of the authenticator app; of whichever, where there are several. */
export function mfaPage(view: MfaView): string {
  const { t, app, errors, problem } = view;
  return page({
    ...view,
    title: t('mfa.title'),
    heading: t('mfa.heading'),
    context: t.html('mfa.context', { app: app.name }),
    body: html`${problemNote(t, problem)}${form(view, [
      codeField(t, errors?.code ?? null, !problem),
      submitButton(t('common.continue')),
    ])}<p class="more">${link(t('mfa.useRecoveryCode'), view.recoveryUrl)}</p><p class="more">${link(t('mfa.lostDevice'), view.lostUrl)}</p>`,
  });
}

export interface MfaRecoveryView extends PageView, FormView {
  readonly errors?: { readonly recovery_code?: Say };
  readonly problem?: Problem | null;
  readonly appUrl: string;
  readonly lostUrl: string;
}

export function mfaRecoveryPage(view: MfaRecoveryView): string {
  const { t, errors, problem } = view;
  return page({
    ...view,
    title: t('mfa.title'),
    heading: t('mfa.recoveryHeading'),
    context: t('mfa.recoveryContext'),
    body: html`${problemNote(t, problem)}${form(view, [
      field(t, {
        id: 'recovery_code',
        label: 'mfa.recoveryLabel',
        type: 'text',
        autocomplete: 'off',
        error: errors?.recovery_code,
        autofocus: !problem,
        more: { autocapitalize: 'none', spellcheck: 'false', dir: 'ltr', maxlength: 64 },
      }),
      submitButton(t('common.continue')),
    ])}<p class="more">${link(t('mfa.useApp'), view.appUrl)}</p><p class="more">${link(t('mfa.lostDevice'), view.lostUrl)}</p>`,
  });
}

export interface MfaLostView extends PageView {
  readonly recoveryUrl: string;
  readonly appUrl: string;
}

/** What to do now: there are two ways, and the second one is to ask a person. */
export function mfaLostPage(view: MfaLostView): string {
  const { t, app } = view;
  return page({
    ...view,
    title: t('mfa.lostDevice'),
    context: html`<p>${t('mfa.lostCodes')}</p><p>${t.html('mfa.lostAdministrator', { app: app.name })}</p>`,
    body: html`<a class="button" href="${safeHref(view.recoveryUrl)}">${t('mfa.useRecoveryCode')}</a><p class="more">${link(t('mfa.useApp'), view.appUrl)}</p>`,
  });
}
