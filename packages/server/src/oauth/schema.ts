import { z } from 'zod';
import { grantTypes } from '../protocol/index.ts';
import { User } from '../users/index.ts';

/** Every grant may say whose request it is: the app's server speaks for a browser. */
const endUser = {
  ip_address: z.string().nullish().describe('The person’s address, when an app’s server asks for them.'),
  device_id: z.string().nullish(),
  user_agent: z.string().nullish().describe('The person’s browser, when an app’s server asks for them.'),
};

const client = {
  client_id: z.string().describe('`client_…`'),
  client_secret: z
    .string()
    .nullish()
    .describe('An API key of the environment; also accepted as Bearer. Public clients send none.'),
};

const authorizationCode = z.object({
  grant_type: z.literal(grantTypes.authorizationCode),
  ...client,
  code: z.string(),
  code_verifier: z
    .string()
    .nullish()
    .describe('RFC 7636: 43 to 128 characters. Needed by codes asked for with a challenge.'),
  invitation_token: z.string().nullish().describe('Not used yet: this server has no invitations.'),
  signals_id: z.string().nullish(),
  ...endUser,
});

const refreshToken = z.object({
  grant_type: z.literal(grantTypes.refreshToken),
  ...client,
  refresh_token: z.string().nullish(),
  organization_id: z.string().nullish().describe('Not used yet: this server has no organizations, so any is refused.'),
  ...endUser,
});

/** Grants of the published contract that this server answers `unsupported_grant_type` for now. */
const notOffered = z.object({
  grant_type: z.enum([
    grantTypes.password,
    grantTypes.magicAuthCode,
    grantTypes.emailVerificationCode,
    grantTypes.mfaTotp,
    grantTypes.organizationSelection,
    grantTypes.radarEmailChallengeCode,
    grantTypes.radarSmsChallengeCode,
    grantTypes.deviceCode,
  ]),
  ...client,
  email: z.string().nullish(),
  password: z.string().nullish(),
  code: z.string().nullish(),
  link_authorization_code: z.string().nullish(),
  invitation_token: z.string().nullish(),
  pending_authentication_token: z.string().nullish(),
  authentication_challenge_id: z.string().nullish(),
  organization_id: z.string().nullish(),
  radar_auth_attempt_id: z.string().nullish(),
  radar_challenge_id: z.string().nullish(),
  verification_id: z.string().nullish(),
  phone_number: z.string().nullish(),
  device_code: z.string().nullish(),
  signals_id: z.string().nullish(),
  ...endUser,
});

export const AuthenticateRequest = z
  .discriminatedUnion('grant_type', [authorizationCode, refreshToken, notOffered])
  .meta({
    id: 'AuthenticateRequest',
    description:
      '`authorization_code` and `refresh_token` are offered; the other grants answer `unsupported_grant_type` for now.',
  });

export type AuthorizationCodeRequest = z.output<typeof authorizationCode>;
export type RefreshTokenRequest = z.output<typeof refreshToken>;

export const AuthenticateResponse = z
  .object({
    user: User,
    organization_id: z.string().optional(),
    authkit_authorization_code: z.string().optional(),
    access_token: z.string().describe('JWT, RS256.'),
    refresh_token: z.string().describe('Opaque, single use: store the newest one.'),
    authentication_method: z.string().optional(),
    impersonator: z.object({ email: z.string(), reason: z.string().nullable() }).optional(),
    oauth_tokens: z
      .object({
        provider: z.string(),
        access_token: z.string(),
        refresh_token: z.string(),
        expires_at: z.number(),
        scopes: z.array(z.string()),
      })
      .optional(),
  })
  .meta({ id: 'AuthenticateResponse' });
