import type { CookieToSet, Db, Secret, Services } from '../core/index.ts';
import { browserCookie, browserTokenOf, createBrowserSession } from '../sessions/index.ts';
import type { OpenAccount } from './open.ts';

/**
 * Signs this browser in anew after every sign-in of the user has ended with their old password or address: whoever
 * changed it has just proved that it is them. The token is a new one (ASVS 7.2.4).
 */
export async function renewBrowser(
  services: Services,
  tx: Db,
  { client, tenant, user, session, request }: OpenAccount,
  token: Secret,
): Promise<CookieToSet> {
  await createBrowserSession(services, tx, tenant, client.environment.settings, {
    userId: user.id,
    token,
    replaced: browserTokenOf(request, client.environment.id),
    authenticationMethod: session.authenticationMethod,
    proven: session.proven,
    organizationId: session.organizationId,
    authenticatedAt: session.authenticatedAt,
    ipAddress: request.ip,
    userAgent: request.userAgent,
  });
  return browserCookie(client.environment, token);
}
