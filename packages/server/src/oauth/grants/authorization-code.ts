import { z } from 'zod';
import { Secret } from '../../core/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { refreshToken } from '../../sessions/index.ts';
import { redeemCode } from '../codes.ts';
import { CodeChallengeNotFound, CodeRefused, UnauthorizedClient } from '../errors.ts';
import { invitationIdOf, proceedHandedOver } from '../pending.ts';
import { providerTokens } from '../provider-tokens.ts';
import { common, endUserOf, grant, reportedEndUser } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.authorizationCode),
  ...common,
  code: z.string(),
  code_verifier: z
    .string()
    .nullish()
    .describe('RFC 7636: 43 to 128 characters. Needed by codes asked for with a challenge.'),
  invitation_token: z.string().nullish().describe('Accepts the invitation for the person who signed in.'),
  signals_id: z.string().nullish(),
});

/** RFC 6749 section 4.1.3. A code of a sign-in that is not finished is exchanged for the step-up that is due. */
export const authorizationCode = grant({
  body,
  client: 'any',
  async authorize(services, caller, wanted, request) {
    const codeVerifier = wanted.code_verifier || null;
    // Refused before the code is looked at: whoever has neither secret nor verifier must not be able to burn it.
    if (!caller.isConfidential && codeVerifier === null) {
      throw new UnauthorizedClient(
        'Send the client secret, or the code_verifier of a code that was asked for with PKCE.',
      );
    }
    const invitationId = await invitationIdOf(services, caller, wanted.invitation_token);
    const result = await redeemCode(services, caller.tenant, {
      code: new Secret(wanted.code),
      client: caller.client,
      jwtTemplate: caller.jwtTemplate,
      isConfidential: caller.isConfidential,
      codeVerifier,
      invitationId,
      ...reportedEndUser(wanted, caller, request),
    });
    switch (result.outcome) {
      case 'redeemed':
        return {
          session: result.session,
          refreshToken: refreshToken(services.vault, result.session.environmentId, result.session.id, 0),
          providerTokens: await providerTokens(services, caller.tenant, result.session, {
            codeHash: new Secret(wanted.code).hash(),
          }),
        };
      case 'unfinished':
        return proceedHandedOver(
          services,
          caller,
          { attemptId: result.attemptId, invitationId },
          endUserOf(wanted, caller, request),
        );
      case 'no_challenge':
        throw new CodeChallengeNotFound(
          'A code_verifier was sent, but the code was asked for without a code_challenge.',
        );
      case 'unknown':
      case 'replayed':
      case 'expired':
      case 'other_client':
      case 'wrong_verifier':
      case 'verifier_missing':
      case 'secret_required':
      case 'signed_out':
        throw new CodeRefused(wanted.code, result.outcome);
    }
  },
});
