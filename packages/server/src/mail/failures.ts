import { after, type Db, days, type Services, type Tenant } from '../core/index.ts';
import { purgeFailuresBefore, selectFailedJobs } from './failures.store.ts';

const keptMs = days(30);

/** Tries all of an environment's mails again that could not leave. What would come too late is dropped then. */
export async function retryFailed({ jobs }: Pick<Services, 'jobs'>, tx: Db, tenant: Tenant): Promise<void> {
  const failed = await selectFailedJobs(tx, tenant);
  await jobs.retry(
    tx,
    failed.map(({ jobId }) => jobId),
  );
}

/** Mails that were given up a month ago are of no use to anybody. */
export const purgeMailFailures = ({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> =>
  purgeFailuresBefore(db, after(now(), -keptMs));
