import { type Db, sql } from '../core/index.ts';

/** A mail that arrived. It belongs to whoever was written to and so to no environment: the one table without a tenant. */
export interface MessageRow {
  readonly id: string;
  readonly recipient: string;
  readonly sealedContent: string;
  readonly sequence: number;
  readonly createdAt: Date;
}

/** Keeps the newest `max`. A delivery that is repeated changes nothing. */
export async function insertMessage(tx: Db, row: MessageRow, max: number): Promise<void> {
  await tx.run(sql`
    insert into mailbox_messages (id, recipient, sealed_content, sequence, created_at)
    values (${row.id}, ${row.recipient}, ${row.sealedContent}, ${row.sequence}, ${row.createdAt})
    on conflict (id) do nothing`);
  await tx.run(sql`
    delete from mailbox_messages where (sequence, id) <= (
      select sequence, id from mailbox_messages order by sequence desc, id desc limit 1 offset ${max})`);
}

export function selectMessages(db: Db, recipient: string | undefined, limit: number): Promise<MessageRow[]> {
  const toThem = recipient === undefined ? sql`1 = 1` : sql`recipient = ${recipient}`;
  return db.all(sql<MessageRow>`
    select * from mailbox_messages where ${toThem} order by sequence desc, id desc limit ${limit}`);
}

export function findMessage(db: Db, id: string): Promise<MessageRow | null> {
  return db.maybeOne(sql<MessageRow>`select * from mailbox_messages where id = ${id}`);
}

export async function deleteMessages(db: Db): Promise<void> {
  await db.run(sql`delete from mailbox_messages`);
}
