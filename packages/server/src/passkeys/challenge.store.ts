import { type Db, type Hash, type Services, sql, type Tenant } from '../core/index.ts';

export interface ChallengeRow {
  readonly challengeHash: Hash;
  readonly environmentId: string;
  readonly purpose: 'register' | 'authenticate';
  /** The attempt or session of the browser that was asked. */
  readonly holder: string;
  /** Whose passkey it must be; null when nobody has said who they are. */
  readonly userId: string | null;
  readonly redeemedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export async function insertChallenge(db: Db, tenant: Tenant, row: ChallengeRow): Promise<void> {
  await db.run(sql`
    insert into passkey_challenges (challenge_hash, environment_id, purpose, holder, user_id, redeemed_at, expires_at,
      created_at)
    values (${row.challengeHash}, ${tenant.environmentId}, ${row.purpose}, ${row.holder}, ${row.userId},
      ${row.redeemedAt}, ${row.expiresAt}, ${row.createdAt})`);
}

/** The challenge, marked as spent. Null when this browser was not asked it here for this, too late, or a second time. */
export function spendChallenge(
  db: Db,
  tenant: Tenant,
  wanted: Pick<ChallengeRow, 'challengeHash' | 'purpose' | 'holder'>,
  at: Date,
): Promise<ChallengeRow | null> {
  return db.maybeOne(sql<ChallengeRow>`
    update passkey_challenges set redeemed_at = ${at}
    where challenge_hash = ${wanted.challengeHash} and environment_id = ${tenant.environmentId}
      and purpose = ${wanted.purpose} and holder = ${wanted.holder} and redeemed_at is null and expires_at > ${at}
    returning *`);
}

export async function deleteChallengesOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    delete from passkey_challenges where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

/** Challenges that are over: whether they were spent says nothing any more. */
export async function purgePasskeyChallenges({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from passkey_challenges where expires_at <= ${now()}`);
}
