import { html } from '../../core/index.ts';
import { type FormView, form, ltr, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface ImpersonateView extends PageView, FormView {
  /** Whose account it is. */
  readonly email: string;
  /** Who is about to use it, and why. */
  readonly operator: string;
  readonly reason: string;
  readonly minutes: number;
}

/** An operator's last look before they act as somebody else. The app could have been opened for any other reason. */
export function impersonatePage(view: ImpersonateView): string {
  const { t, app } = view;
  return page({
    ...view,
    title: t('impersonation.title'),
    heading: t('impersonation.heading'),
    context: t.html('impersonation.context', { app: app.name, email: ltr(view.email) }),
    body: html`<dl class="facts"><div><dt>${t('impersonation.operator')}</dt><dd><bdi dir="ltr">${view.operator}</bdi></dd></div><div><dt>${t('impersonation.reason')}</dt><dd><bdi>${view.reason}</bdi></dd></div></dl><p class="prose apart">${t('impersonation.advice', { minutes: view.minutes })}</p>${form(
      view,
      html`${submitButton(t('impersonation.continue'))}<button class="button button-quiet" type="submit" name="answer" value="cancel">${t('common.cancel')}</button>`,
    )}`,
  });
}
