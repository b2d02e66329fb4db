import { z } from 'zod';
import { provePassword } from '../../attempts/index.ts';
import { EmailPasswordAuthDisabled } from '../../authentication/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { normalizeEmail } from '../../users/index.ts';
import { InvalidCredentials, InvalidPendingAuthenticationToken } from '../errors.ts';
import { beginPending, invitationIdOf, proceed } from '../pending.ts';
import { common, endUserOf, grant, typedEmail } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.password),
  ...common,
  email: typedEmail,
  password: z.string(),
  invitation_token: z.string().nullish().describe('Accepts the invitation with this sign-in.'),
  signals_id: z.string().nullish(),
  radar_auth_attempt_id: z.string().nullish(),
});

/** An app with a sign-in page of its own. An unknown address is answered exactly like a wrong password. */
export const password = grant({
  body,
  client: 'secret',
  async authorize(services, caller, wanted, request) {
    const { client, tenant } = caller;
    if (!client.environment.settings.passwordSignIn) throw new EmailPasswordAuthDisabled();
    const invitationId = await invitationIdOf(services, caller, wanted.invitation_token);
    const endUser = endUserOf(wanted, caller, request);
    const email = normalizeEmail(wanted.email) ?? wanted.email;
    const presented = { email, password: wanted.password, ip: endUser.ipAddress, userAgent: endUser.userAgent };
    const proof = await provePassword(services, tenant, presented, (tx, learned) =>
      beginPending(services, tx, caller, learned, { invitationId }),
    );
    switch (proof.outcome) {
      case 'proved':
        return proceed(services, caller, proof.saved, endUser);
      case 'wrong':
        throw new InvalidCredentials(wanted.email);
      case 'overtaken':
        throw new InvalidPendingAuthenticationToken('');
    }
  },
});
