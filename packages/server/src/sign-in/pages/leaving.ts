import { html } from '../../core/index.ts';
import { type PageView, page } from './layout.ts';

export interface LeavingView extends PageView {
  /** The provider's name. */
  readonly provider: string;
  /** Its authorization endpoint, with the request. */
  readonly url: string;
}

/**
 * Goes on by itself, with and without script. A redirect would not do: browsers hold `form-action` against every hop
 * that follows a form, and where a provider sends people on its own side is not ours to know.
 */
export function leavingPage(view: LeavingView): string {
  const { t, provider, url } = view;
  return page({
    ...view,
    head: html`<meta http-equiv="refresh" content="0;url=${url}">`,
    title: t('social.leavingTitle', { provider }),
    context: t('social.leavingContext'),
    body: html`<a class="button" href="${url}">${t('common.continue')}</a>`,
  });
}
