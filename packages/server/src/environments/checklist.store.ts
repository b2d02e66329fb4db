import { type Db, sql, type Tenant } from '../core/index.ts';
import type { ChecklistStep } from './schema.ts';

export interface StepRow {
  readonly step: ChecklistStep;
  readonly hasHappened: boolean;
  readonly confirmedAt: Date | null;
}

export function listSteps(db: Db, tenant: Tenant): Promise<StepRow[]> {
  return db.all(sql<StepRow>`
    select step, has_happened, confirmed_at from checklist_steps where environment_id = ${tenant.environmentId}`);
}

export async function writeConfirmation(db: Db, tenant: Tenant, step: ChecklistStep, at: Date | null): Promise<void> {
  await db.run(sql`
    insert into checklist_steps (environment_id, step, has_happened, confirmed_at)
    values (${tenant.environmentId}, ${step}, 0, ${at})
    on conflict (environment_id, step) do update set confirmed_at = excluded.confirmed_at`);
}

/**
 * Asks before it writes: on PostgreSQL even an upsert that changes nothing locks the row, and every sign-in of an
 * environment would queue up behind the others.
 */
export async function writeHappened(db: Db, tenant: Tenant, step: ChecklistStep): Promise<void> {
  const known = await db.maybeOne(sql`
    select step from checklist_steps
    where environment_id = ${tenant.environmentId} and step = ${step} and has_happened = 1`);
  if (known) return;
  await db.run(sql`
    insert into checklist_steps (environment_id, step, has_happened, confirmed_at)
    values (${tenant.environmentId}, ${step}, 1, null)
    on conflict (environment_id, step) do update set has_happened = 1`);
}

export async function isDismissed(db: Db, tenant: Tenant): Promise<boolean> {
  const row = await db.one(sql<{ isChecklistDismissed: boolean }>`
    select is_checklist_dismissed from environments where id = ${tenant.environmentId}`);
  return row.isChecklistDismissed;
}

export async function writeDismissed(db: Db, tenant: Tenant, dismissed: boolean): Promise<void> {
  await db.run(sql`update environments set is_checklist_dismissed = ${dismissed} where id = ${tenant.environmentId}`);
}
