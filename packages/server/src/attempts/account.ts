import type { Db, Services, Tenant } from '../core/index.ts';
import { listVerifiedFactors } from '../mfa/index.ts';
import { listActiveMemberships } from '../organizations/index.ts';
import { hasPasskey } from '../passkeys/index.ts';
import type { Proven } from '../sessions/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import type { Account } from './policy.ts';
import { domainOwnerOf } from './proven-today.ts';

export interface KnownAccount extends Account {
  readonly user: UserRow;
  /** The confirmed ones, oldest first. */
  readonly secondFactors: readonly { readonly id: string; readonly type: string }[];
}

/**
 * What the other rooms know of an account, put together for `nextStep`. Within a transaction as outside one.
 *
 * @param proven - by whoever says that it is theirs
 */
export async function accountOf(db: Db, tenant: Tenant, user: UserRow, proven: Proven): Promise<KnownAccount> {
  const secondFactors = await listVerifiedFactors(db, tenant, user.id);
  return {
    user,
    secondFactors,
    isEmailVerified: user.isEmailVerified,
    hasSecondFactor: secondFactors.length > 0,
    // Nobody asks for it where there is an app.
    hasPasskey: secondFactors.length === 0 && (await hasPasskey(db, tenant, user.id)),
    // Our pages find out, as nobody else can ask.
    wantsPasskeyOffer: false,
    // So do those who ask at pages of ours: see `withWaysIn`.
    waysIn: 'unknown',
    memberships: await listActiveMemberships(db, tenant, user.id),
    domainOwnerId: await domainOwnerOf(db, tenant, proven, user),
  };
}

/** The account an attempt has arrived at; null while there is none, or when it was deleted meanwhile. */
export async function findAccount(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  { userId, proven }: { readonly userId: string | null; readonly proven: Proven },
): Promise<KnownAccount | null> {
  const user = userId === null ? null : await findUser(db, tenant, userId);
  return user && accountOf(db, tenant, user, proven);
}
