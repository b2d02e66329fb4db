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

/**
 * Who reads. Everybody but an operator is nobody: one browser's keys must not reach another by a page.
 *
 * @returns null for everybody else, and where there is no staging environment: production's keys are in no snippet
 */
export async function readerOf(services: Services, request: RequestInfo): Promise<Reader | null> {
  const operator = await authenticateOperator(services, request).catch((error: unknown) => {
    if (error instanceof Unauthorized) return null;
    throw error;
  });
  if (!operator) return null;
  const staging = (await listEnvironments(services)).find(({ kind }) => kind === 'staging');
  if (!staging) return null;
  return {
    environmentName: staging.name,
    clientId: staging.client.clientId,
    maskedApiKey: await newestApiKey(services.db, systemTenant(staging.id)),
  };
}
