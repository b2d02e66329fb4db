import type { Db } from '../core/index.ts';
import { listActiveMemberships } from '../organizations/index.ts';
import type { OpenAccount } from './open.ts';

/** Whether somebody asks this person for two factors: the environment everybody, or an organization its members. */
export async function isSecondStepRequired({ client, tenant, user }: OpenAccount, db: Db): Promise<boolean> {
  if (client.environment.settings.mfa === 'required') return true;
  return (await listActiveMemberships(db, tenant, user.id)).some(({ mfa }) => mfa === 'required');
}

/** Whether they may set one up: where the environment has them, or an organization of theirs asks for one all the same. */
export const isSecondStepOffered = async (open: OpenAccount, db: Db): Promise<boolean> =>
  open.client.environment.settings.mfa !== 'off' || (await isSecondStepRequired(open, db));
