import { type ApiError, PageError, type RequestInfo, type Services, TooManyRequests } from '../core/index.ts';
import { findClient, firstEnvironment } from '../environments/index.ts';
import { type ErrorView, errorPage, ourselves } from './pages/index.ts';
import { appOf } from './view.ts';

type Shown = Pick<ErrorView, 'heading' | 'message' | 'advice' | 'restart' | 'developer'>;

/** What people see when a page cannot be shown. */
export async function renderErrorPage(
  services: Services,
  error: ApiError,
  request: RequestInfo,
): Promise<(nonce: string) => string> {
  const clientId = error instanceof PageError ? (error.deadEnd.clientId ?? null) : null;
  const client = clientId === null ? null : await findClient(services, clientId).catch(() => null);
  const app = client ? appOf(client) : ourselves;
  const shown = await viewOf(services, error, request);
  return (nonce) => errorPage({ app, nonce, requestId: request.id, ...shown });
}

async function viewOf(services: Services, error: ApiError, request: RequestInfo): Promise<Shown> {
  if (error instanceof PageError) return error.deadEnd;
  if (error instanceof TooManyRequests) {
    return {
      heading: 'Please wait a moment',
      message: 'That was too often in a short time.',
      advice: `Try again in ${error.retryAfterSeconds} seconds.`,
      restart: sameAgain(request),
    };
  }
  if (error.status === 404) {
    return {
      heading: 'There is nothing here',
      message: 'The address is wrong, or the page has moved.',
      ...(await wayIn(services, request)),
    };
  }
  if (error.status >= 500) {
    return {
      heading: 'Something went wrong',
      message: 'It is on our side, and nothing is lost.',
      advice: 'Wait a moment and try again.',
      restart: sameAgain(request),
    };
  }
  return { heading: 'That did not work', message: error.message, advice: 'Go back to the app and start again.' };
}

/** A form has no address to open again: what was in it would be gone, and asking for it with GET leads nowhere. */
function sameAgain({ method, url }: RequestInfo): Shown['restart'] {
  // Only a path: in its absolute form a request target can name another host (RFC 9112 section 3.2.2).
  return method === 'GET' && url.startsWith('/') ? { label: 'Try again', url } : null;
}

/** `/sign-in` sends people on to their app, so it is offered only where the app has said where sign-ins begin. */
async function wayIn(services: Services, { url }: RequestInfo): Promise<Pick<Shown, 'advice' | 'restart'>> {
  if (url.startsWith('/dashboard/')) return { restart: { label: 'Open the dashboard', url: '/dashboard' } };
  const environment = await firstEnvironment(services);
  if (environment?.client.signInEndpoint) return { restart: { label: 'Go to sign-in', url: '/sign-in' } };
  return { advice: 'Open the app and start from there.' };
}
