import { type Db, sql } from '../../core/index.ts';

/**
 * Marks an assertion as used, until it counts for nothing anyway. The one write is the check as well, so of several that
 * bring the same assertion at once, on whatever node, one wins.
 *
 * @param expiresAt - when it may be forgotten
 * @returns false when it was used before
 */
export async function spendAssertion(
  db: Db,
  connectionId: string,
  { id, expiresAt }: { readonly id: string; readonly expiresAt: Date },
): Promise<boolean> {
  const spent = await db.maybeOne(sql`
    insert into sso_assertions (connection_id, assertion_id, expires_at) values (${connectionId}, ${id}, ${expiresAt})
    on conflict (connection_id, assertion_id) do nothing
    returning assertion_id`);
  return spent !== null;
}

export async function purgeAssertions(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sso_assertions where expires_at < ${before}`);
}
