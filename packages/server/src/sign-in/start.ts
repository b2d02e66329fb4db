import { type Beginning, beginAttempt, type SignInRequest } from '../attempts/index.ts';
import type { CookieToSet, RequestInfo, Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { attemptCookies, type OpenAttempt, openedBy } from './browser.ts';
import { countAttempt } from './limits.ts';

/**
 * Begins a sign-in in this browser.
 *
 * @param known - what an earlier sign-in in it has proved already
 * @throws {TooManyRequests} when its network began too many
 */
export async function startAttempt(
  services: Services,
  client: Client,
  wanted: SignInRequest,
  request: RequestInfo,
  known: Beginning = {},
): Promise<{ open: OpenAttempt; cookies: CookieToSet[] }> {
  await countAttempt(services, client, request);
  const { attempt, secret } = await beginAttempt(services, services.db, client, wanted, known);
  const open = await openedBy(services, attempt, client, secret.reveal(), request);
  return { open, cookies: attemptCookies(request, attempt.id, secret) };
}
