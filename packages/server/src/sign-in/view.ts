import type { Attempt } from '../attempts/index.ts';
import { lookFor } from '../branding/index.ts';
import { type CookieToSet, type Reply, type RequestInfo, reply, type Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { localeOf, translator } from '../texts/index.ts';
import type { OpenAttempt } from './browser.ts';
import { type HostedPath, hrefOf } from './go-to.ts';
import { type AppView, ourselves, type PageView, type PasskeyFormView } from './pages/index.ts';
import { signUpDoor } from './sign-up-door.ts';

export function appOf({ applicationName, environment }: Client): AppView {
  if (environment.isHidden) return ourselves;
  const { name, kind, settings } = environment;
  return {
    name: applicationName,
    environmentName: name,
    environmentKind: kind,
    termsUrl: settings.termsUrl,
    privacyUrl: settings.privacyUrl,
  };
}

/**
 * What a page of an app needs that belongs to no attempt: in the browser's language, in the environment's look.
 *
 * @param client - null where it is not known whose page it is
 */
export async function viewOf(
  services: Pick<Services, 'db'>,
  client: Client | null,
  request: RequestInfo,
): Promise<(nonce: string) => PageView> {
  if (!client) return (nonce) => ourView(request, nonce);
  const look = await lookFor(services, client.environment.id, request);
  const t = look.translator(localeOf(request, { defaultLocale: client.environment.settings.defaultLocale }));
  return (nonce) => ({ app: appOf(client), nonce, t, look, here: hereOf(request) });
}

/** A page that belongs to this installation and to no app. */
export const ourView = (request: RequestInfo, nonce: string): PageView => ({
  app: ourselves,
  nonce,
  t: translator(localeOf(request)),
  here: hereOf(request),
});

/** The address of a page that was opened; a form's answer has none to come back to. */
export const hereOf = ({ method, url }: RequestInfo): string | null => (method === 'GET' ? url : null);

/** What every form of an attempt carries. */
export const formOf = ({ attempt, csrf }: OpenAttempt, path: string, step: string) => ({
  action: `${path}?attempt=${attempt.id}`,
  csrf,
  step,
});

/** Null where nobody may sign in with a passkey. */
export const passkeyFormOf = (open: OpenAttempt): PasskeyFormView | null =>
  open.client.environment.settings.passkeySignIn
    ? {
        ...formOf(open, '/sign-in/passkey', 'passkey'),
        optionsUrl: `/sign-in/passkey/options?attempt=${open.attempt.id}`,
      }
    : null;

/** A page of an attempt. Its forms may end at the app, and browsers want to know that beforehand. */
export function attemptPage(
  { attempt, client, locale, look }: OpenAttempt,
  render: (view: PageView) => string,
  { status = 200, cookies = [] }: { status?: number; cookies?: readonly CookieToSet[] } = {},
): Reply {
  const { destination } = attempt.request;
  return reply.page((nonce) => render({ app: appOf(client), nonce, look, t: look.translator(locale) }), {
    status,
    cookies,
    formTargets: destination.kind === 'app' ? [sourceOf(destination.redirectUri)] : [],
  });
}

/** An address as a source expression (CSP level 3 section 2.3.1): its origin, or its scheme where there is none. */
export function sourceOf(redirectUri: string): string {
  const { origin, protocol, port, hostname } = new URL(redirectUri);
  if (protocol === 'http:' || protocol === 'https:') {
    // A bracketed IPv6 address is no valid host in a source expression.
    return hostname.startsWith('[') ? `${protocol}${port === '' ? '' : `//*:${port}`}` : origin;
  }
  return protocol;
}

/** Where a page leads those without an account, and what it promises them there; null where nobody may sign up. */
export function signUpLink(open: OpenAttempt): { readonly signUpUrl: string | null; readonly isWaitlist: boolean } {
  const door = signUpDoor(open);
  const isShown = door === 'open' || door === 'waitlist';
  return { signUpUrl: isShown ? linkTo('/sign-up', open.attempt) : null, isWaitlist: door === 'waitlist' };
}

export const linkTo = (path: HostedPath, attempt: Attempt): string => hrefOf(path, attempt);
