import { z } from 'zod';
import type { Attempt } from '../../attempts/index.ts';
import {
  AuthenticationMethodNotAllowed,
  assertMayTryCode,
  oneTimeCodeError,
  type Refusal,
  redeemMagicCode,
} from '../../authentication/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { findUserByEmail, normalizeEmail } from '../../users/index.ts';
import { InvalidLinkAuthorizationCode } from '../errors.ts';
import { beginPending, invitationIdOf, proceed } from '../pending.ts';
import { common, endUserOf, grant, typedEmail } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.magicAuthCode),
  ...common,
  code: z.string(),
  email: typedEmail,
  invitation_token: z.string().nullish(),
  link_authorization_code: z
    .string()
    .nullish()
    .describe(
      'Accounts of one address are linked when it is proved, so nothing hands such a code out: any is refused.',
    ),
  signals_id: z.string().nullish(),
  radar_auth_attempt_id: z.string().nullish(),
});

/** A code from a mail. An unknown address is answered exactly like a wrong code. */
export const magicAuthCode = grant({
  body,
  client: 'secret',
  async authorize(services, caller, wanted, request) {
    const { client, tenant } = caller;
    if (!client.environment.settings.magicAuthSignIn)
      throw new AuthenticationMethodNotAllowed('Signing in with a code by mail');
    if (wanted.link_authorization_code) throw new InvalidLinkAuthorizationCode();
    const endUser = endUserOf(wanted, caller, request);
    const email = normalizeEmail(wanted.email) ?? wanted.email;
    const invitationId = await invitationIdOf(services, caller, wanted.invitation_token, email);
    const known = await findUserByEmail(services.db, tenant, email);
    await assertMayTryCode(services, tenant, known ?? { email }, { purpose: 'magic_auth' });
    // A refusal is counted, so it is returned: what throws is rolled back.
    const begun = await services.db.transaction(async (tx): Promise<Attempt | Refusal> => {
      const presented = { email, code: wanted.code, ...endUser };
      const redeemed = await redeemMagicCode(services, tenant, tx, presented);
      // The account that the code was made for is gone.
      if (redeemed.outcome === 'newcomer') return { outcome: 'expired' };
      if (redeemed.outcome !== 'verified') return redeemed;
      const { id: userId, email: proved } = redeemed.user;
      const proven = { magicAuth: services.now().getTime() };
      return beginPending(services, tx, caller, { email: proved, userId, proven }, { invitationId });
    });
    if ('outcome' in begun) throw oneTimeCodeError(begun);
    return proceed(services, caller, begun, endUser);
  },
});
