import { type Db, sql, type Tenant } from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';

/** A provider's account that signs a user in. */
export interface IdentityRow {
  readonly id: string;
  readonly environmentId: string;
  readonly provider: SocialProvider;
  readonly subject: string;
  readonly userId: string;
  /** As the provider told it last; it decides nothing. */
  readonly email: string | null;
  /** Whether the user's address had been proved when it was linked, by this very sign-in for one. */
  readonly isEmailProven: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** @returns false when the account is somebody's already */
export async function insertIdentity(tx: Db, identity: IdentityRow): Promise<boolean> {
  const made = await tx.maybeOne(sql`
    insert into identities (id, environment_id, provider, subject, user_id, email, is_email_proven, created_at,
      updated_at)
    values (${identity.id}, ${identity.environmentId}, ${identity.provider}, ${identity.subject}, ${identity.userId},
      ${identity.email}, ${identity.isEmailProven}, ${identity.createdAt}, ${identity.updatedAt})
    on conflict (environment_id, provider, subject) do nothing
    returning id`);
  return made !== null;
}

export function findIdentity(
  db: Db,
  tenant: Tenant,
  { provider, subject }: Pick<IdentityRow, 'provider' | 'subject'>,
): Promise<IdentityRow | null> {
  return db.maybeOne(sql<IdentityRow>`
    select * from identities
    where environment_id = ${tenant.environmentId} and provider = ${provider} and subject = ${subject}`);
}

/** Oldest first. */
export function listIdentities(db: Db, tenant: Tenant, userId: string): Promise<IdentityRow[]> {
  return db.all(sql<IdentityRow>`
    select * from identities where environment_id = ${tenant.environmentId} and user_id = ${userId}
    order by created_at, id`);
}

export async function noteEmail(tx: Db, tenant: Tenant, id: string, email: string | null, at: Date): Promise<void> {
  await tx.run(sql`
    update identities set email = ${email}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId}`);
}

export async function deleteIdentity(tx: Db, tenant: Tenant, userId: string, id: string): Promise<IdentityRow | null> {
  return tx.maybeOne(sql<IdentityRow>`
    delete from identities where id = ${id} and user_id = ${userId} and environment_id = ${tenant.environmentId}
    returning *`);
}

export async function deleteIdentitiesOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from identities where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}
