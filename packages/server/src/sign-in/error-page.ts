import { type ApiError, type RequestInfo, type Services, TooManyRequests } from '../core/index.ts';
import { findClient, firstEnvironment } from '../environments/index.ts';
import { PageError, say } from '../texts/index.ts';
import { type ErrorView, errorPage } from './pages/index.ts';
import { viewOf } from './view.ts';
import { toDashboard, toSignIn, type WayIn } from './way-in.ts';

type Shown = Pick<ErrorView, 'heading' | 'message' | 'advice' | 'restart' | 'developer'>;

/** What people see when a page cannot be shown. */
export async function renderErrorPage(
  services: Services,
  error: ApiError,
  request: RequestInfo,
): Promise<(nonce: string) => string> {
  const clientId = error instanceof PageError ? (error.deadEnd.clientId ?? null) : null;
  const client = clientId === null ? null : await findClient(services, clientId).catch(() => null);
  const view = await viewOf(services, client, request);
  const shown = await shownFor(services, error, request);
  const here = hereAgain(request);
  return (nonce) => errorPage({ ...view(nonce), here, requestId: request.id, ...shown });
}

/** What an address asks for is not repeated on the page that refuses it, but for the names that lead to the same refusal. */
function hereAgain({ method, url }: RequestInfo): string | null {
  if (method !== 'GET' || !url.startsWith('/')) return null;
  const [path = '/', query = ''] = url.split('?', 2);
  const kept = [...new URLSearchParams(query)].filter(([name]) => name === 'attempt' || name === 'client_id');
  return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept)}`;
}

async function shownFor(services: Services, error: ApiError, request: RequestInfo): Promise<Shown> {
  if (error instanceof PageError) return error.deadEnd;
  if (error instanceof TooManyRequests) {
    return {
      heading: 'errors.tooMany',
      message: 'errors.tooManyWhy',
      advice: say('errors.tooManyAdvice', { seconds: error.retryAfterSeconds }),
      restart: sameAgain(request),
    };
  }
  if (error.status === 404) {
    return {
      heading: 'errors.nothingHere',
      message: 'errors.nothingHereWhy',
      ...(await wayIn(services, request)),
    };
  }
  if (error.status >= 500) {
    return {
      heading: 'errors.wentWrong',
      message: 'errors.wentWrongWhy',
      advice: 'errors.wentWrongAdvice',
      restart: sameAgain(request),
    };
  }
  return { heading: 'errors.didNotWork', message: 'errors.didNotWorkWhy', advice: 'errors.goBackAndStart' };
}

/** A form has no address to open again: what was in it would be gone, and asking for it with GET leads nowhere. */
function sameAgain({ method, url }: RequestInfo): Shown['restart'] {
  // Only a path: in its absolute form a request target can name another host (RFC 9112 section 3.2.2).
  return method === 'GET' && url.startsWith('/') ? { label: 'common.tryAgain', url } : null;
}

async function wayIn(services: Services, { url }: RequestInfo): Promise<WayIn> {
  if (url.startsWith('/dashboard/')) return toDashboard;
  return toSignIn((await firstEnvironment(services))?.client, '/sign-in', 'errors.openApp');
}
