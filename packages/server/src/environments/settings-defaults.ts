import type { EnvironmentKind } from './schema.ts';
import type { Settings } from './setting-fields.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** In seconds, both ends included. */
export const settingBounds = {
  accessTokenSeconds: { min: minute, max: hour },
  sessionIdleSeconds: { min: 5 * minute, max: 365 * day },
  sessionMaxSeconds: { min: 5 * minute, max: 365 * day },
} as const;

/** A new production environment begins strict: a wildcard there is a decision somebody makes. */
export const defaultSettings = (kind: EnvironmentKind): Settings => ({
  requireEmailVerification: true,
  signUpNames: 'optional',
  accessTokenSeconds: 5 * minute,
  sessionIdleSeconds: 7 * day,
  sessionMaxSeconds: 30 * day,
  strictRedirects: kind === 'production',
  passwordSignIn: true,
  magicAuthSignIn: true,
  passkeySignIn: true,
  offerPasskeys: true,
  mfa: 'optional',
  signUp: 'open',
  signUpProofOfWork: kind === 'production',
  passwordMinLength: 10,
  passwordMinScore: 3,
  refuseLeakedPasswords: true,
  leakedPasswordServiceUrl: null,
  passwordHistory: 0,
  impersonation: false,
  deviceAuthorization: true,
  newDeviceNotice: true,
  productionLimits: kind === 'production',
  defaultLocale: 'en',
  sendVerificationMails: true,
  sendMagicAuthMails: true,
  sendPasswordResetMails: true,
  sendInvitationMails: true,
  termsUrl: null,
  privacyUrl: null,
  passwordResetUrl: null,
});
