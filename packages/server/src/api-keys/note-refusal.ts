import { countRequest, type Limit, minutes, type RequestInfo, type Services, systemTenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { whoseKey } from './authenticate-api-key.ts';

/** Records a minute and environment at most: guessing must not fill the trail, nor the disk. */
const records: Limit = { name: 'api-key-refusal', max: 10, windowMs: minutes(1) };

/** What an environment may learn of a key that opened nothing. */
type Reason = 'revoked' | 'unknown' | 'other_environment';

/**
 * Leaves a record of a key that was refused: in the environment it once opened, or in the one the caller named. What
 * belongs to no environment is a line of the log. Beside the request, which does not wait for it and does not become
 * slower for a key that once was good.
 *
 * @param environmentId - which one the caller named, by its client id for one; null when they named none
 */
export function noteRefusedKey(
  services: Services,
  presented: string,
  environmentId: string | null,
  request: Pick<RequestInfo, 'ip' | 'userAgent' | 'id'>,
): void {
  record(services, presented, environmentId, request).catch((error: unknown) => {
    services.log.warn({ err: error, request: request.id }, 'The refusal of an API key was not recorded');
  });
}

async function record(
  services: Services,
  presented: string,
  named: string | null,
  request: Pick<RequestInfo, 'ip' | 'userAgent' | 'id'>,
): Promise<void> {
  const { log, db } = services;
  const row = await whoseKey(services, presented);
  const environmentId = named ?? row?.environmentId ?? null;
  if (!mayRecord(services, environmentId)) return;
  const isNamed = row !== null && row.environmentId === environmentId;
  const reason: Reason = row === null ? 'unknown' : isNamed ? 'revoked' : 'other_environment';
  if (environmentId === null) {
    log.warn({ request: request.id, ip: request.ip, reason }, 'An API key was refused');
    return;
  }
  const data = {
    api_key_id: isNamed ? row.id : null,
    reason,
    ip_address: request.ip,
    user_agent: request.userAgent,
  };
  await db.transaction((tx) =>
    recordEvent(services, tx, systemTenant(environmentId), { name: 'api_key.refused', data }),
  );
}

function mayRecord(services: Services, environmentId: string | null): boolean {
  try {
    countRequest(services, records, environmentId ?? 'none');
    return true;
  } catch {
    return false;
  }
}
