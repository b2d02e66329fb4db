import { attributes, type Html, html } from '../../core/index.ts';
import type { Say } from '../../texts/index.ts';
import { type FormView, field, form, ltr, type Problem, problemNote, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface DeviceCodeView extends PageView, FormView {
  /** As the link or the person gave it. */
  readonly code: string;
  readonly error?: Say;
  readonly problem?: Problem | null;
}

/** Where the code of a command line or a television is typed. A code in the link is filled in and still sent by hand. */
export function deviceCodePage(view: DeviceCodeView): string {
  const { t } = view;
  return page({
    ...view,
    title: t('device.title'),
    context: t('device.context'),
    body: html`${problemNote(t, view.problem)}${form(view, [
      field(t, {
        id: 'user_code',
        label: 'device.code',
        type: 'text',
        autocomplete: 'off',
        value: view.code,
        error: view.error,
        autofocus: !view.problem,
        more: {
          class: 'letters',
          autocapitalize: 'characters',
          spellcheck: 'false',
          maxlength: 32,
          dir: 'ltr',
        },
      }),
      submitButton(t('common.continue')),
    ])}`,
  });
}

export interface DeviceConfirmView extends PageView, FormView {
  readonly email: string;
  /** What the device shows, so that the two can be compared. */
  readonly userCode: string;
  /** What the device says it is; null when it says nothing. */
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly askedAt: Date;
}

/**
 * The person decides. Nothing but the code ties the device to them, so the page shows everything that could tell a
 * stranger's device from their own.
 */
export function deviceConfirmPage(view: DeviceConfirmView): string {
  const { t, app } = view;
  return page({
    ...view,
    title: t('device.confirmTitle'),
    heading: t('device.confirmHeading'),
    context: t.html('device.confirmContext', { app: app.name, email: ltr(view.email) }),
    body: html`<dl class="facts">${[
      fact(t('device.codeShown'), html`<span class="key" dir="ltr">${view.userCode}</span>`),
      fact(
        t('device.device'),
        view.userAgent === null ? t('device.unknown') : html`<bdi dir="ltr">${view.userAgent}</bdi>`,
      ),
      fact(
        t('device.place'),
        view.ipAddress === null ? t('device.unknown') : html`<bdi dir="ltr">${view.ipAddress}</bdi>`,
      ),
      fact(t('device.asked'), html`<time datetime="${view.askedAt.toISOString()}">${t.dateTime(view.askedAt)}</time>`),
    ]}</dl><p class="prose apart">${t('device.advice')}</p>${form(view, [
      answerButton('approved', 'button', t('device.approve')),
      answerButton('denied', 'button button-quiet', t('device.deny')),
    ])}`,
  });
}

const fact = (name: string, value: Html | string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const answerButton = (answer: string, className: string, label: string): Html =>
  html`<button${attributes({ class: className, type: 'submit', name: 'answer', value: answer })}>${label}</button>`;

export interface DeviceDoneView extends PageView {
  readonly answer: 'approved' | 'denied';
}

export function deviceDonePage({ answer, ...view }: DeviceDoneView): string {
  const { t, app } = view;
  const isApproved = answer === 'approved';
  return page({
    ...view,
    title: t(isApproved ? 'device.approvedTitle' : 'device.deniedTitle'),
    context: isApproved ? t('device.approvedContext') : t('device.deniedContext', { app: app.name }),
    body: html``,
  });
}
