import { type AppDestination, type KnownAccount, rotateSecret } from '../attempts/index.ts';
import { answerUrl, newSecret, type Reply, reply, type Services } from '../core/index.ts';
import { issueCode } from '../oauth/index.ts';
import { authenticatedAtOf, authenticationMethodOf } from '../sessions/index.ts';
import type { OpenAttempt } from './browser.ts';
import { acceptRedirect } from './redirects.ts';

/**
 * Gives an unfinished sign-in to the app that asked for it, which has pages of its own. The code is exchanged for the
 * step-up that is due, and with that the attempt goes on at the API; this browser has no part in it any more.
 *
 * @returns null when another request was first
 */
export async function handOver(
  services: Services,
  open: OpenAttempt,
  destination: AppDestination,
  { user }: KnownAccount,
): Promise<Reply | null> {
  const { attempt, client, tenant, place } = open;
  await acceptRedirect(services, client, destination.redirectUri);
  const code = newSecret();
  const handed = await services.db.transaction(async (tx) => {
    const request = { ...attempt.request, destination: { kind: 'api' } } as const;
    // A secret that nobody has: from here on the attempt is reached through its code, once.
    if (!(await rotateSecret(tx, tenant, { ...attempt, request }, newSecret().hash()))) return false;
    await issueCode(services, tx, tenant, code, {
      client,
      redirectUri: destination.redirectUri,
      userId: user.id,
      browserSessionId: null,
      organizationId: null,
      authenticationMethod: authenticationMethodOf(attempt.proven),
      authenticatedAt: authenticatedAtOf(attempt.proven),
      proven: attempt.proven,
      impersonator: attempt.impersonator,
      attemptId: attempt.id,
      codeChallenge: destination.codeChallenge,
      needsClientSecret: destination.isOnSharedGround,
      ...place,
    });
    return true;
  });
  if (!handed) return null;
  return reply.redirect(answerUrl(destination.redirectUri, { code: code.reveal() }, destination.state), {
    status: 303,
  });
}
