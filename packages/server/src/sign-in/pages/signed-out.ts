import { html } from '../../core/index.ts';
import { safeHref } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface SignedOutView extends PageView {
  /** Where a new sign-in starts; null when the app has no address for that. */
  readonly signInUrl: string | null;
}

export function signedOutPage(view: SignedOutView): string {
  const { t, app } = view;
  const href = safeHref(view.signInUrl);
  return page({
    ...view,
    title: t('signIn.signedOutTitle'),
    heading: t('signIn.signedOutHeading', { app: app.name }),
    context: t('signIn.signedOutContext'),
    body: href ? html`<a class="button" href="${href}">${t('signIn.signInAgain')}</a>` : html``,
  });
}
