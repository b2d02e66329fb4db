import { after, type CookieToSet, minutes, newId, newSecret, type RequestInfo, type Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import type { Attempt, AuthorizeRequest } from './attempt.ts';
import { attemptCookies, type OpenAttempt, openedBy } from './browser.ts';
import { countAttempt } from './limits.ts';
import { insertAttempt } from './store.ts';

const lifetimeMs = minutes(10);

/**
 * Begins a sign-in in this browser.
 *
 * @param known - what an earlier sign-in in it has proved already
 * @throws {TooManyRequests} when its network began too many
 */
export async function startAttempt(
  services: Services,
  client: Client,
  wanted: AuthorizeRequest,
  request: RequestInfo,
  known: Pick<Attempt, 'email' | 'userId' | 'proven'> = { email: null, userId: null, proven: {} },
): Promise<{ open: OpenAttempt; cookies: CookieToSet[] }> {
  await countAttempt(services, client, request);
  const at = services.now();
  const secret = newSecret();
  const attempt: Attempt = {
    id: newId('attempt', at),
    environmentId: client.environment.id,
    clientId: client.clientId,
    request: wanted,
    ...known,
    signUp: null,
    codeSentAt: null,
    version: 0,
    finishedAt: null,
    expiresAt: after(at, lifetimeMs),
    createdAt: at,
  };
  await insertAttempt(services.db, { ...attempt, secretHash: secret.hash() });
  const open = openedBy(services, attempt, client, secret.reveal(), request);
  return { open, cookies: attemptCookies(request, attempt.id, secret) };
}
