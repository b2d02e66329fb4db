/** The grants of the published contract. Each is one file, and its story is all it knows: the steps they share are in authenticate.ts. */
import { grantTypes } from '../../protocol/index.ts';
import { authorizationCode } from './authorization-code.ts';
import { deviceCode } from './device-code.ts';
import { emailVerificationCode } from './email-verification-code.ts';
import type { Grant } from './grant.ts';
import { magicAuthCode } from './magic-auth-code.ts';
import { mfaTotp } from './mfa-totp.ts';
import { organizationSelection } from './organization-selection.ts';
import { password } from './password.ts';
import { refreshToken } from './refresh-token.ts';

export const grants = {
  [grantTypes.authorizationCode]: authorizationCode,
  [grantTypes.refreshToken]: refreshToken,
  [grantTypes.password]: password,
  [grantTypes.magicAuthCode]: magicAuthCode,
  [grantTypes.emailVerificationCode]: emailVerificationCode,
  [grantTypes.mfaTotp]: mfaTotp,
  [grantTypes.organizationSelection]: organizationSelection,
  [grantTypes.deviceCode]: deviceCode,
} as const;

export type GrantType = keyof typeof grants;

export const grantOf = (type: string): Grant | null =>
  Object.hasOwn(grants, type) ? (grants[type as GrantType] as unknown as Grant) : null;
