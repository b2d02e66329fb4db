import { z } from 'zod';
import { Secret } from '../../core/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { refreshToken } from '../../sessions/index.ts';
import { redeemDeviceCode } from '../device/redeem.ts';
import { AccessDenied, AuthorizationPending, ExpiredToken, InvalidGrant, SlowDown } from '../errors.ts';
import { common, endUserOf, grant } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.deviceCode),
  ...common,
  device_code: z.string().describe('From `POST /user_management/authorize/device`.'),
});

/** RFC 8628 section 3.4: the device asks again and again until the person has answered. */
export const deviceCode = grant({
  body,
  client: 'any',
  async authorize(services, caller, wanted, request) {
    const { client, tenant, jwtTemplate } = caller;
    if (!client.environment.settings.deviceAuthorization)
      throw new AccessDenied('Device authorization is switched off in this environment.');
    const result = await redeemDeviceCode(services, tenant, {
      deviceCode: new Secret(wanted.device_code),
      client,
      jwtTemplate,
      ...endUserOf(wanted, caller, request),
    });
    switch (result.outcome) {
      case 'redeemed': {
        const { session } = result;
        return {
          session,
          refreshToken: refreshToken(services.vault, session.environmentId, session.id, 0),
          isTokenTypeNamed: true,
        };
      }
      case 'pending':
        throw new AuthorizationPending(
          `Nobody has entered the code and approved it yet. Ask again in ${result.intervalSeconds} seconds.`,
        );
      case 'slow_down':
        throw new SlowDown(
          `You ask too often. Wait ${result.intervalSeconds} seconds between two requests from now on.`,
        );
      case 'denied':
      case 'signed_out':
        throw new AccessDenied('The sign-in was denied. Start again if that was a mistake.');
      case 'expired':
        throw new ExpiredToken('The code has expired before anybody approved it. Start again to get a new one.');
      case 'unknown':
      case 'replayed':
        throw new InvalidGrant('The device code is invalid or was used already. Start again to get a new one.');
    }
  },
});
