/** The words of the specs and of the published contract, and no behaviour. */

/** Grant types of `POST /user_management/authenticate`. */
export const grantTypes = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  password: 'password',
  magicAuthCode: 'urn:workos:oauth:grant-type:magic-auth:code',
  emailVerificationCode: 'urn:workos:oauth:grant-type:email-verification:code',
  mfaTotp: 'urn:workos:oauth:grant-type:mfa-totp',
  organizationSelection: 'urn:workos:oauth:grant-type:organization-selection',
  radarEmailChallengeCode: 'urn:workos:oauth:grant-type:radar-email-challenge:code',
  radarSmsChallengeCode: 'urn:workos:oauth:grant-type:radar-sms-challenge:code',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;

/** How somebody signed in, as `authentication_method` spells it. */
const authenticationMethods = ['Password'] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/** The same, as a session's `auth_method` spells it. */
export const sessionAuthMethods = { Password: 'password' } as const satisfies Record<AuthenticationMethod, string>;

/** Events this server records. */
export const eventNames = [
  'authentication.email_verification_failed',
  'authentication.email_verification_succeeded',
  'authentication.password_failed',
  'authentication.password_succeeded',
  'email_verification.created',
  'session.created',
  'session.revoked',
  'user.created',
  'user.deleted',
  'user.updated',
] as const;

/** Ours, not of the published contract: what an operator needs to see, and the trail of changes. */
export const platformEventNames = [
  'authorization_code.replayed',
  'refresh_token.reused',
  'sign_in.completed',
  'signing_key.rotated',
  'api_key.created',
  'api_key.revoked',
  'environment.updated',
  'user.credentials_changed',
] as const;

export type EventName = (typeof eventNames)[number] | (typeof platformEventNames)[number];
