import type { AuthenticationMethod, SocialProvider } from '../protocol/index.ts';

/** Who acts as the user. */
export interface Impersonator {
  readonly email: string;
  readonly reason: string;
}

/** What the person has proved, each with when, in ms. */
export interface Proven {
  readonly password?: number;
  /** A code mailed to sign in with; it proves the inbox too. */
  readonly magicAuth?: number;
  /** With user verification: something they have and something they know or are. */
  readonly passkey?: number;
  readonly social?: SocialProof;
  readonly sso?: SsoProof;
  /** An operator acts as the user; see `impersonator` of the attempt. */
  readonly impersonation?: number;
  /** The inbox, beside another method. */
  readonly emailCode?: number;
  readonly totp?: number;
  /** A passkey of theirs, beside another method. */
  readonly secondPasskey?: number;
  readonly recoveryCode?: number;
  /** They clicked on "Continue to …". */
  readonly redirect?: number;
}

interface SocialProof {
  readonly at: number;
  readonly provider: SocialProvider;
  /** The provider vouches for the address, and is the one who can. */
  readonly provesEmail: boolean;
}

/** An organization's own identity provider has said who they are. */
export interface SsoProof {
  readonly at: number;
  readonly connectionId: string;
  readonly organizationId: string;
  /** Whom the provider named. */
  readonly profileId: string;
  /**
   * The organization has proved the domain of the user's address, so that its provider may speak for the user anywhere.
   * Else it speaks for them in that organization alone, and what they have elsewhere is none of its business.
   */
  readonly provesEmail: boolean;
}

/**
 * Finds in SQL, with `like`, what rests on a sign-on by a connection, as `Proven` is written: ids have no letter that
 * JSON or `like` reads otherwise, but for the underscore, which fits itself.
 */
export const restsOn = (connectionId: string): string => `%"connectionId":"${connectionId}"%`;

/** The ways to sign in that a policy may allow or refuse. */
export type FirstFactor = 'password' | 'magicAuth' | 'passkey' | 'social' | 'sso' | 'impersonation';

const firstFactors: readonly FirstFactor[] = ['password', 'magicAuth', 'passkey', 'social', 'sso', 'impersonation'];

const timeOf = (proof: Proven[keyof Proven]): number => (typeof proof === 'object' ? proof.at : (proof ?? 0));

/** The newest proof of who they are; null when there is none, whatever else was proved. */
export function firstFactorOf(proven: Proven): FirstFactor | null {
  const given = firstFactors.filter((factor) => proven[factor] !== undefined);
  return given.sort((a, b) => timeOf(proven[b]) - timeOf(proven[a]))[0] ?? null;
}

/** The sign-on at an organization's provider, where that is the newest proof. */
export const signOnOf = (proven: Proven): SsoProof | null =>
  firstFactorOf(proven) === 'sso' ? (proven.sso ?? null) : null;

/** Whether what was proved says who they are in one organization, and nowhere else. */
export const isBoundToOrganization = (proven: Proven): boolean => signOnOf(proven)?.provesEmail === false;

/** The same as `authentication_method` spells it. @throws {Error} when nothing was proved: no session says how */
export function authenticationMethodOf(proven: Proven): AuthenticationMethod {
  switch (firstFactorOf(proven)) {
    case 'password':
      return 'Password';
    case 'magicAuth':
      return 'MagicAuth';
    case 'passkey':
      return 'Passkey';
    case 'social':
      return proven.social?.provider ?? 'GoogleOAuth';
    case 'sso':
      return 'SSO';
    case 'impersonation':
      return 'Impersonation';
    case null:
      throw new Error('Nothing was proved, so there is no method.');
  }
}

/** Two factors: a second one beside the first, or a passkey, which is both (NIST SP 800-63B section 2.2.1). */
export const provesTwoFactors = ({ totp, recoveryCode, passkey, secondPasskey }: Proven): boolean =>
  [totp, recoveryCode, passkey, secondPasskey].some((at) => at !== undefined);

/** When the newest first factor was proved; null when there is none. What was shown beside it makes it no newer. */
export function firstProofAt(proven: Proven): Date | null {
  const factor = firstFactorOf(proven);
  return factor && new Date(timeOf(proven[factor]));
}

/** When the person last proved who they are: `auth_time`. */
export const authenticatedAtOf = (proven: Proven): Date =>
  new Date(Math.max(...Object.values(lastingProofs(proven)).map(timeOf)));

/** What still counts in the next sign-in of this browser. A click was for the one address it was made for. */
export const lastingProofs = ({ redirect: _, ...proven }: Proven): Proven => proven;
