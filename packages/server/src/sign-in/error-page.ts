import { type ApiError, PageError, type RequestInfo, type Services, TooManyRequests } from '../core/index.ts';
import { findClient } from '../environments/index.ts';
import { type ErrorView, errorPage, ourselves } from './pages/index.ts';
import { appOf } from './view.ts';

/** What people see when a page cannot be shown. */
export async function renderErrorPage(
  services: Services,
  error: ApiError,
  request: RequestInfo,
): Promise<(nonce: string) => string> {
  const clientId = error instanceof PageError ? (error.deadEnd.clientId ?? null) : null;
  const client = clientId === null ? null : await findClient(services, clientId).catch(() => null);
  const app = client ? appOf(client) : ourselves;
  return (nonce) => errorPage({ app, nonce, requestId: request.id, ...viewOf(error) });
}

function viewOf(error: ApiError): Pick<ErrorView, 'heading' | 'message' | 'advice' | 'restart' | 'developer'> {
  if (error instanceof PageError) return error.deadEnd;
  if (error instanceof TooManyRequests) {
    return {
      heading: 'Please wait a moment',
      message: 'That was too often in a short time.',
      advice: `Try again in ${error.retryAfterSeconds} seconds.`,
    };
  }
  if (error.status === 404)
    return { heading: 'There is nothing here', message: 'The address is wrong, or the page has moved.' };
  if (error.status >= 500) {
    return {
      heading: 'Something went wrong',
      message: 'It is on our side, and nothing is lost.',
      advice: 'Wait a moment and try again.',
    };
  }
  return { heading: 'That did not work', message: error.message, advice: 'Go back to the app and start again.' };
}
