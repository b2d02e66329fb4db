import { html } from '../../core/index.ts';
import { type FormView, form, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface RecoveryCodesView extends PageView, FormView {
  readonly codes: readonly string[];
  /** They take the place of ones that are used up. */
  readonly isReplacement: boolean;
  /** They can be shown this once only: then no language menu leads away from them. */
  readonly isOnce?: boolean;
}

/** The one time they are shown. Copy needs a script; the file does not. */
export function recoveryCodesPage(view: RecoveryCodesView): string {
  const { t, app, codes, isOnce } = view;
  const { action: _, ...stay } = view;
  const file = `${t('mfa.codesFile', { app: app.name })}\n\n${codes.join('\n')}\n`;
  const href = `data:text/plain;charset=utf-8,${encodeURIComponent(file)}`;
  return page({
    ...(isOnce ? { ...stay, here: null } : view),
    title: t('mfa.codesTitle'),
    context: html`${view.isReplacement && html`<p>${t('mfa.codesUsedUp')}</p>`}<p>${t('mfa.codesContext')}</p>`,
    body: html`<ul class="codes" dir="ltr">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul><p class="more keep"><button class="text-button" type="button" data-copy="${codes.join('\n')}" data-copied="${t('common.copied')}" hidden>${t('common.copy')}</button><a class="reach" href="${href}" download="recovery-codes.txt">${t('mfa.codesDownload')}</a></p>${form(view, submitButton(t('mfa.codesSaved')))}`,
  });
}
