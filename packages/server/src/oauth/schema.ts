import { z } from 'zod';
import { grantTypes } from '../protocol/index.ts';
import { OAuthTokens } from '../social/index.ts';
import { User } from '../users/index.ts';
import { common } from './grants/grant.ts';
import { grants } from './grants/index.ts';

/** Grants of the published contract that this server answers `unsupported_grant_type` for now. */
const notOffered = z.object({
  grant_type: z.enum([grantTypes.radarEmailChallengeCode, grantTypes.radarSmsChallengeCode]),
  ...common,
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
  signals_id: z.string().nullish(),
});

const offered = Object.values(grants).map(({ body }) => body);

/** For the document: the endpoint reads the grant itself, to answer in OAuth's shape. */
export const AuthenticateRequest = z.union([...offered, notOffered]).meta({
  id: 'AuthenticateRequest',
  description: 'Grants without a shape of their own here answer `unsupported_grant_type`.',
});

export const AuthenticateResponse = z
  .object({
    user: User,
    organization_id: z.string().optional(),
    authkit_authorization_code: z.string().optional(),
    access_token: z.string().describe('JWT, RS256.'),
    refresh_token: z.string().describe('Opaque, single use: store the newest one.'),
    authentication_method: z.string().optional(),
    token_type: z.literal('Bearer').optional().describe('With the device grant.'),
    expires_in: z.number().optional().describe('Of the access token, in seconds; with the device grant.'),
    impersonator: z.object({ email: z.string(), reason: z.string().nullable() }).optional(),
    oauth_tokens: OAuthTokens.optional().describe('Where the environment hands on the tokens of that provider.'),
  })
  .meta({ id: 'AuthenticateResponse' });
