import { type Db, type Statement, sql, type Tenant } from '../core/index.ts';
import type { SendProblem } from './refusals.ts';

/** A mail that could not be handed over, as long as it has not been. */
export interface FailureRow {
  /** Of the mail. */
  readonly id: string;
  readonly jobId: string;
  readonly recipient: string;
  readonly template: string;
  readonly reason: SendProblem;
  readonly message: string;
  readonly tries: number;
  /** It is tried no more, unless somebody asks for it. */
  readonly isGivenUp: boolean;
  readonly createdAt: Date;
  readonly triedAt: Date;
}

const columns = sql`id, job_id, recipient, template, reason, message, tries, is_given_up, created_at, tried_at`;

export function findFailure(db: Db, tenant: Tenant, id: string): Promise<FailureRow | null> {
  return db.maybeOne(sql<FailureRow>`
    select ${columns} from mail_failures where environment_id = ${tenant.environmentId} and id = ${id}`);
}

export function selectFailures(
  db: Db,
  tenant: Tenant,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<FailureRow[]> {
  return db.all(sql<FailureRow>`
    select ${columns} from mail_failures
    where environment_id = ${tenant.environmentId} and ${where}
    order by ${order} limit ${limit}`);
}

/** One more try in vain. */
export async function countFailure(db: Db, tenant: Tenant, row: Omit<FailureRow, 'tries'>): Promise<void> {
  await db.run(sql`
    insert into mail_failures (id, environment_id, job_id, recipient, template, reason, message, tries, is_given_up,
      created_at, tried_at)
    values (${row.id}, ${tenant.environmentId}, ${row.jobId}, ${row.recipient}, ${row.template}, ${row.reason},
      ${row.message}, 1, ${row.isGivenUp}, ${row.createdAt}, ${row.triedAt})
    on conflict (id) do update set
      reason = excluded.reason, message = excluded.message, tries = mail_failures.tries + 1,
      is_given_up = excluded.is_given_up, tried_at = excluded.tried_at`);
}

export async function removeFailure(db: Db, tenant: Tenant, id: string): Promise<void> {
  await db.run(sql`delete from mail_failures where environment_id = ${tenant.environmentId} and id = ${id}`);
}

/** @returns what their outbox entries are called */
export function selectFailedJobs(tx: Db, tenant: Tenant): Promise<{ jobId: string }[]> {
  return tx.all(sql<{ jobId: string }>`
    update mail_failures set is_given_up = 0 where environment_id = ${tenant.environmentId} returning job_id`);
}

export async function purgeFailuresBefore(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from mail_failures where tried_at < ${before} and is_given_up = 1`);
}
