import { type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import { emailKey } from '../users/index.ts';
import type { WaitlistRow } from './waitlist.schema.ts';

const columns = sql`id, environment_id, email, state, fields_json, approved_at, created_at, updated_at`;

const isEntryId = (id: string): boolean => /^wl_user_[0-9A-Za-z]{1,64}$/.test(id);

export async function findEntry(db: Db, tenant: Tenant, id: string): Promise<WaitlistRow | null> {
  if (!isEntryId(id)) return null;
  return db.maybeOne(sql<WaitlistRow>`
    select ${columns} from waitlist_users where id = ${id} and environment_id = ${tenant.environmentId}`);
}

export function findEntryByEmail(db: Db, tenant: Tenant, email: string): Promise<WaitlistRow | null> {
  return db.maybeOne(sql<WaitlistRow>`
    select ${columns} from waitlist_users
    where environment_id = ${tenant.environmentId} and email_key = ${emailKey(email)}`);
}

/** @returns null when the address is on the list already */
export function insertEntry(tx: Db, tenant: Tenant, row: WaitlistRow): Promise<WaitlistRow | null> {
  return tx.maybeOne(sql<WaitlistRow>`
    insert into waitlist_users
      (id, environment_id, email, email_key, state, fields_json, approved_at, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.email}, ${emailKey(row.email)}, ${row.state},
      ${json(row.fields)}, ${row.approvedAt}, ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

/** Lets them in, once. @returns null when somebody did before */
export function markApproved(tx: Db, tenant: Tenant, id: string, at: Date): Promise<WaitlistRow | null> {
  return tx.maybeOne(sql<WaitlistRow>`
    update waitlist_users set state = 'approved', approved_at = ${at}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and state <> 'approved'
    returning ${columns}`);
}

/** @returns null when they are not waiting */
export function markDenied(tx: Db, tenant: Tenant, id: string, at: Date): Promise<WaitlistRow | null> {
  return tx.maybeOne(sql<WaitlistRow>`
    update waitlist_users set state = 'denied', updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and state = 'pending'
    returning ${columns}`);
}

export async function removeEntry(tx: Db, tenant: Tenant, id: string): Promise<boolean> {
  if (!isEntryId(id)) return false;
  const removed = await tx.run(
    sql`delete from waitlist_users where id = ${id} and environment_id = ${tenant.environmentId}`,
  );
  return removed > 0;
}

export async function removeEntryOf(tx: Db, tenant: Tenant, email: string): Promise<void> {
  await tx.run(sql`
    delete from waitlist_users where environment_id = ${tenant.environmentId} and email_key = ${emailKey(email)}`);
}

export interface WaitlistFilter {
  readonly email?: string | undefined;
  readonly state?: WaitlistRow['state'] | undefined;
}

export function selectEntries(
  db: Db,
  tenant: Tenant,
  { email, state }: WaitlistFilter,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<WaitlistRow[]> {
  const conditions = [where];
  if (email !== undefined) conditions.push(sql`email_key = ${emailKey(email)}`);
  if (state !== undefined) conditions.push(sql`state = ${state}`);
  return db.all(sql<WaitlistRow>`
    select ${columns} from waitlist_users
    where environment_id = ${tenant.environmentId} and ${sql.join(conditions, ' and ')}
    order by ${order} limit ${limit}`);
}
