import { z } from 'zod';
import { grantTypes } from '../../protocol/index.ts';
import { refreshSession } from '../../sessions/index.ts';
import { InvalidGrant, InvalidRequest } from '../errors.ts';
import { assertMayGoOn } from '../refresh-policy.ts';
import { common, grant } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.refreshToken),
  ...common,
  refresh_token: z.string().nullish(),
  organization_id: z
    .string()
    .nullish()
    .describe('Goes on in this organization. Without it the session stays where it is.'),
});

/** RFC 6749 section 6. A new access token says what is true now: user, membership and policy are looked at again. */
export const refreshToken = grant({
  body,
  client: 'any',
  async authorize(services, caller, wanted) {
    if (!wanted.refresh_token) throw new InvalidRequest('Missing refresh token.');
    const result = await refreshSession(services, caller.tenant, caller.client, {
      token: wanted.refresh_token,
      organizationId: wanted.organization_id || null,
      isPolicyStrict: caller.client.environment.settings.mfa === 'required',
      assertMayGoOn: (session, organizationId) => assertMayGoOn(services, caller, session, organizationId),
    });
    switch (result.outcome) {
      case 'refreshed':
        return result;
      case 'unknown':
        throw new InvalidGrant('Invalid refresh token.');
      case 'ended':
        throw new InvalidGrant('Session has already ended.');
      case 'reused':
        throw new InvalidGrant('Refresh token already exchanged.');
    }
  },
});
