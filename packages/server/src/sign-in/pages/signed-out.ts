import { html } from '../../core/index.ts';
import { safeHref } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface SignedOutView extends PageView {
  /** Where a new sign-in starts; null when the app has no address for that. */
  readonly signInUrl: string | null;
}

export function signedOutPage(view: SignedOutView): string {
  const href = safeHref(view.signInUrl);
  return page({
    ...view,
    title: 'Signed out',
    heading: `You are signed out of ${view.app.name}`,
    context: 'You can close this page.',
    body: href ? html`<a class="button" href="${href}">Sign in again</a>` : html``,
  });
}
