import { newestApiKey } from '../api-keys/index.ts';
import { type RequestInfo, type Services, systemTenant, Unauthorized } from '../core/index.ts';
import { listEnvironments } from '../environments/index.ts';
import { authenticateOperator } from '../operators/index.ts';

/** What the snippets carry for an operator who is signed in to the dashboard in this browser. */
export interface Reader {
  readonly environmentName: string;
  readonly clientId: string;
  /** Its prefix and last four characters: whole keys are kept nowhere. Null when there is none that works. */
  readonly maskedApiKey: string | null;
}

/** The dashboard remembers in it which environment was chosen in this browser. */
const chosenCookie = 'authkit-environment';

/**
 * Who reads. Everybody but an operator is nobody: one browser's keys must not reach another by a page.
 *
 * @returns what belongs to the environment chosen in the dashboard, or to the first where that is production;
 *   null for everybody else, and where there is no staging environment: production's keys are in no snippet
 */
export async function readerOf(services: Services, request: RequestInfo): Promise<Reader | null> {
  const operator = await authenticateOperator(services, request).catch((error: unknown) => {
    if (error instanceof Unauthorized) return null;
    throw error;
  });
  if (!operator) return null;
  const chosen = request.cookie(chosenCookie);
  const all = (await listEnvironments(services)).filter(({ kind }) => kind === 'staging');
  const staging = all.find(({ id }) => id === chosen) ?? all[0];
  if (!staging) return null;
  return {
    environmentName: staging.name,
    clientId: staging.client.clientId,
    maskedApiKey: await newestApiKey(services.db, systemTenant(staging.id)),
  };
}
