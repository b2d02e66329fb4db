import { after, type Db, days, type Hash, type Services, sql, type Tenant } from '../core/index.ts';

/** @returns whether the user signed in from it for the first time */
export async function addDevice(tx: Db, tenant: Tenant, userId: string, device: Hash, at: Date): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into known_devices (user_id, device_hash, environment_id, first_seen_at, last_seen_at)
    values (${userId}, ${device}, ${tenant.environmentId}, ${at}, ${at})
    on conflict (user_id, device_hash) do nothing`);
  return inserted > 0;
}

export async function touchDevice(tx: Db, tenant: Tenant, userId: string, device: Hash, at: Date): Promise<void> {
  await tx.run(sql`
    update known_devices set last_seen_at = ${at}
    where user_id = ${userId} and device_hash = ${device} and environment_id = ${tenant.environmentId}`);
}

export async function hasOtherDevices(tx: Db, tenant: Tenant, userId: string, device: Hash): Promise<boolean> {
  const other = await tx.maybeOne(sql`
    select 1 as found from known_devices
    where user_id = ${userId} and device_hash <> ${device} and environment_id = ${tenant.environmentId} limit 1`);
  return other !== null;
}

export async function deleteDevicesOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from known_devices where user_id = ${userId} and environment_id = ${tenant.environmentId}`);
}

/** The cookie has gone by then. */
const keptForMs = days(400);

export async function purgeDevices({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from known_devices where last_seen_at < ${after(now(), -keptForMs)}`);
}
