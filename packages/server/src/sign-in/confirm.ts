import type { CookieToSet, Reply } from '../core/index.ts';
import type { OpenAttempt } from './browser.ts';
import { confirmRedirectPage } from './pages/index.ts';
import { attemptPage, formOf } from './view.ts';

/** Names the host that is about to receive the sign-in, and asks for a click. */
export function confirmPage(open: OpenAttempt, extras: { cookies?: readonly CookieToSet[] } = {}): Reply {
  const { attempt } = open;
  const { destination } = attempt.request;
  return attemptPage(
    open,
    (view) =>
      confirmRedirectPage({
        ...view,
        ...formOf(open, '/sign-in/confirm', 'confirm_redirect'),
        host: destination.kind === 'app' ? new URL(destination.redirectUri).host : '',
        email: attempt.email,
        cancelUrl: null,
      }),
    extras,
  );
}
