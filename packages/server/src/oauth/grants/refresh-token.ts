import { z } from 'zod';
import type { RequestInfo, Services } from '../../core/index.ts';
import { type Claims, ownClaims } from '../../jwt-templates/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { refreshSession, type SessionRow } from '../../sessions/index.ts';
import type { UserRow } from '../../users/index.ts';
import { isListedPage, refreshTokenCookie, takenFromBrowser } from '../browser-transport.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';
import { InvalidGrant, InvalidRequest } from '../errors.ts';
import { assertMayGoOn } from '../refresh-policy.ts';
import { common, type Granted, grant } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.refreshToken),
  ...common,
  refresh_token: z.string().nullish(),
  organization_id: z
    .string()
    .nullish()
    .describe('Goes on in this organization. Without it the session stays where it is.'),
});

/** What the environment's template made of the person in an organization. */
interface FilledIn {
  readonly claims: Claims;
  readonly user: UserRow;
  readonly organizationId: string | null;
}

/** RFC 6749 section 6. A new access token says what is true now: user, membership and policy are looked at again. */
export const refreshToken = grant({
  body,
  client: 'any',
  async authorize(services, caller, wanted, request) {
    const kept = wanted.refresh_token ? null : await keptToken(services, caller, request);
    const token = wanted.refresh_token || kept;
    if (!token) throw new InvalidRequest('Missing refresh token.');
    const { client, tenant, jwtTemplate } = caller;
    let filledIn = null as FilledIn | null;
    const result = await refreshSession(services, tenant, client, {
      token,
      organizationId: wanted.organization_id || null,
      // Claims that are too big refuse the refresh as a policy does, before the token is spent.
      isPolicyStrict: client.environment.settings.mfa === 'required' || jwtTemplate !== null,
      async assertMayGoOn(session, organizationId) {
        const user = await assertMayGoOn(services, caller, session, organizationId);
        const holder = { userId: session.userId, organizationId, user };
        filledIn = { claims: await ownClaims(services.db, tenant, jwtTemplate, holder), user, organizationId };
      },
    });
    // What is worth nothing any more goes from the browser as well, so that the app's next start need not ask.
    const cookies = kept === null ? [] : takenFromBrowser(services, request, caller.client);
    switch (result.outcome) {
      case 'refreshed':
        return { ...result, ...readFor(result.session, filledIn) };
      case 'unknown':
        throw new InvalidGrant('Invalid refresh token.', {}, { cookies });
      case 'ended':
        throw new InvalidGrant('Session has already ended.', {}, { cookies });
      case 'reused':
        throw new InvalidGrant('Refresh token already exchanged.', {}, { cookies });
    }
  },
});

/** Nothing when another request has moved the session to another organization meanwhile. */
const readFor = ({ organizationId }: SessionRow, filledIn: FilledIn | null): Pick<Granted, 'ownClaims' | 'user'> =>
  filledIn?.organizationId === organizationId ? { ownClaims: filledIn.claims, user: filledIn.user } : {};

/** What we keep for a page that holds no token itself; only for pages the client lists, as cookies come from anywhere. */
async function keptToken(
  services: Services,
  caller: AuthenticatedClient,
  request: RequestInfo,
): Promise<string | null> {
  return (await isListedPage(services, caller, request)) ? refreshTokenCookie(request, caller.client) : null;
}
