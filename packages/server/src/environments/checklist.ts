import type { Db, Services, Tenant } from '../core/index.ts';
import {
  isDismissed,
  listSteps,
  type StepRow,
  writeConfirmation,
  writeDismissed,
  writeHappened,
} from './checklist.store.ts';
import { countRedirects } from './redirects.store.ts';
import { type Checklist, type ChecklistStep, checklistSteps } from './schema.ts';
import { findClientOf } from './store.ts';

/**
 * The set-up list of an environment. What our own tables show is looked at each time, so that a step is open again
 * once somebody deletes what it was about; only the rest is remembered.
 */
export async function readChecklist({ db }: Pick<Services, 'db'>, tenant: Tenant): Promise<Checklist> {
  const rows = new Map((await listSteps(db, tenant)).map((row) => [row.step, row]));
  const seen = await lookAround(db, tenant);
  return {
    steps: checklistSteps.map((id) => {
      const row = rows.get(id);
      return { id, done: seen[id] ?? isRemembered(row), confirmedAt: row?.confirmedAt ?? null };
    }),
    dismissed: await isDismissed(db, tenant),
  };
}

const isRemembered = (row: StepRow | undefined): boolean =>
  row !== undefined && (row.hasHappened || row.confirmedAt !== null);

async function lookAround(db: Db, tenant: Tenant): Promise<Partial<Record<ChecklistStep, boolean>>> {
  const client = await findClientOf(db, tenant.environmentId);
  return {
    redirect_uri: (await countRedirects(db, tenant, 'redirect_uris')) > 0,
    sign_in_endpoint: client !== null && client.signInEndpoint !== null,
    sign_out_redirect: (await countRedirects(db, tenant, 'sign_out_redirects')) > 0,
  };
}

/** A person ticks a step off, or takes that back. */
export async function confirmStep(
  services: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  step: ChecklistStep,
  confirmed: boolean,
): Promise<Checklist> {
  await writeConfirmation(services.db, tenant, step, confirmed ? services.now() : null);
  return readChecklist(services, tenant);
}

export async function dismissChecklist(
  services: Pick<Services, 'db'>,
  tenant: Tenant,
  dismissed: boolean,
): Promise<Checklist> {
  await writeDismissed(services.db, tenant, dismissed);
  return readChecklist(services, tenant);
}

/**
 * For later rooms: the thing itself has happened (a key was used, somebody signed in). Cheap enough to call each time.
 */
export function markChecklistStep(tx: Db, tenant: Tenant, step: 'api_keys' | 'test_sign_in'): Promise<void> {
  return writeHappened(tx, tenant, step);
}
