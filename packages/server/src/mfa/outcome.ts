import type { ApiError, Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import type { UserRow } from '../users/index.ts';
import { InvalidOneTimeCode, OneTimeCodePreviouslyUsed } from './errors.ts';

/** A code, and from where it came. */
export interface Presented {
  readonly code: string;
  /** Of the person's browser; null when an application speaks for them. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** Of the page, for the mail that tells of it; the person's own language when not given. */
  readonly locale?: string | null;
}

/** Why a code of a second factor proved nothing. */
export type Refusal =
  | { readonly outcome: 'wrong' }
  /** It was right, and was accepted once before. */
  | { readonly outcome: 'used' };

/** How the API names a refusal. */
export function refusalOf(refusal: Refusal): ApiError {
  switch (refusal.outcome) {
    case 'wrong':
      return new InvalidOneTimeCode();
    case 'used':
      return new OneTimeCodePreviouslyUsed();
  }
}

/** Whose factor it is, and where and in which language to tell them of it. */
export type Person = Pick<UserRow, 'id' | 'email' | 'locale'>;

const dataOf = ({ ipAddress, userAgent }: Presented, { id, email }: Person) => ({
  type: 'mfa',
  ip_address: ipAddress,
  user_agent: userAgent,
  user_id: id,
  email,
});

export function recordSuccess(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  presented: Presented,
): Promise<void> {
  return recordEvent(services, tx, tenant, {
    name: 'authentication.mfa_succeeded',
    userId: user.id,
    data: { ...dataOf(presented, user), status: 'succeeded' },
  });
}

export function recordFailure(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  presented: Presented,
  refusal: Refusal,
): Promise<void> {
  const error = refusalOf(refusal);
  return recordEvent(services, tx, tenant, {
    name: 'authentication.mfa_failed',
    userId: user.id,
    data: { ...dataOf(presented, user), status: 'failed', error: { code: error.code, message: error.message } },
  });
}
