import type { Db, RequestInfo, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import type { ConnectionRow } from './connection.ts';

interface What {
  readonly status: 'started' | 'succeeded' | 'failed';
  readonly userId?: string | null;
  readonly email?: string | null;
  readonly error?: { readonly code: string; readonly message: string };
}

/** `authentication.sso_started|succeeded|failed`, as the published contract has it. */
export function recordSignOn(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { id, organizationId }: Pick<ConnectionRow, 'id' | 'organizationId'>,
  { ip, userAgent }: Pick<RequestInfo, 'ip' | 'userAgent'>,
  { status, userId = null, email = null, error }: What,
): Promise<void> {
  return recordEvent(services, tx, tenant, {
    name: `authentication.sso_${status}`,
    data: {
      type: 'sso',
      status,
      ip_address: ip,
      user_agent: userAgent,
      user_id: userId,
      email,
      sso: { organization_id: organizationId, connection_id: id, session_id: null },
      ...(error ? { error } : {}),
    },
    userId,
  });
}
