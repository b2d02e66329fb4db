import type { Settings } from '../environments/index.ts';
import type { ActiveMembership } from '../organizations/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import {
  authenticationMethodOf,
  firstFactorOf,
  isBoundToOrganization,
  type Proven,
  provesTwoFactors,
  signOnOf,
} from '../sessions/index.ts';
import { provenToday } from './proven-today.ts';

/** What the environment asks of everybody. */
export type Policy = Pick<
  Settings,
  'requireEmailVerification' | 'mfa' | 'passwordSignIn' | 'magicAuthSignIn' | 'passkeySignIn' | 'offerPasskeys'
>;

/** What a membership says of a sign-in: which organization, and what it asks for. */
export type Membership = Pick<ActiveMembership, 'organizationId' | 'organizationName' | 'signInMethods' | 'mfa'>;

/** How somebody can sign in today. */
export interface WaysIn {
  /** At our pages, whatever organization it is for. */
  readonly methods: readonly AuthenticationMethod[];
  /** The organizations of theirs that have an identity provider of their own, switched on. */
  readonly signOnAt: readonly string[];
  /** The one of these that has proved the domain of their address: its provider may speak for the whole account. */
  readonly homeId: string | null;
}

/** What is known of the account that the attempt has arrived at. */
export interface Account {
  readonly isEmailVerified: boolean;
  /** A second factor that was confirmed with a code once. */
  readonly hasSecondFactor: boolean;
  /** A passkey, and no such second factor. */
  readonly hasPasskey: boolean;
  /** They have no passkey, and have not said "not now" of late, or "never". */
  readonly wantsPasskeyOffer: boolean;
  /** The active ones. */
  readonly memberships: readonly Membership[];
  /** `unknown`: nobody has looked, and they may have every way there is. */
  readonly waysIn: WaysIn | 'unknown';
  /** The organization that has proved the domain of their address; needed only where its provider's word is the proof. */
  readonly domainOwnerId: string | null;
}

/** They have a second factor of ours, and have not shown two. */
export const lacksSecondFactor = (
  proven: Proven,
  { hasSecondFactor }: Pick<Account, 'hasSecondFactor'>,
  { mfa }: Pick<Policy, 'mfa'>,
): boolean => hasSecondFactor && mfa !== 'off' && !provesTwoFactors(proven);

/** What the environment and the organization demand beyond what was proved; the same at a refresh and a switch. */
export function policyStep(
  proven: Proven,
  { hasSecondFactor, hasPasskey, domainOwnerId }: Pick<Account, 'hasSecondFactor' | 'hasPasskey' | 'domainOwnerId'>,
  policy: Pick<Policy, 'mfa' | 'passkeySignIn'>,
  membership: Pick<Membership, 'organizationId' | 'signInMethods' | 'mfa'> | null,
): 'change_method' | 'mfa' | 'prove_passkey' | 'enroll_mfa' | null {
  const method = firstFactorOf(proven) === null ? null : authenticationMethodOf(proven);
  if (method === 'Impersonation') return null;
  const allowed: readonly AuthenticationMethod[] | null = membership?.signInMethods ?? null;
  if (allowed && (method === null || !allowed.includes(method))) return 'change_method';
  const signOn = signOnOf(proven);
  const isAtHome = signOn !== null && signOn.organizationId === membership?.organizationId;
  if (isAtHome) return null;
  // A provider speaks for its own organization; elsewhere for the addresses that organization has proved, unless there
  // one is asked to sign in at another provider.
  if (signOn && (allowed || isBoundToOrganization(provenToday(proven, { domainOwnerId })))) return 'change_method';
  // Who came by a provider was not asked for the factor they have, and outside its organization they would be.
  const wasSpared = signOn !== null && hasSecondFactor && policy.mfa !== 'off';
  const isTwoFactorDemanded = policy.mfa === 'required' || membership?.mfa === 'required' || wasSpared;
  if (!isTwoFactorDemanded || provesTwoFactors(proven)) return null;
  if (hasSecondFactor) return 'mfa';
  // Whoever has two factors shows them: a thief of the password would enrol an app of their own.
  return hasPasskey && policy.passkeySignIn ? 'prove_passkey' : 'enroll_mfa';
}
