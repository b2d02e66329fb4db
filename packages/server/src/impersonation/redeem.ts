import { authenticatedTenant, type Db, type RequestInfo, type Services, sha256, type Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { impersonationToken } from './begin.ts';
import { findOpenImpersonation, type ImpersonationRow, spendImpersonation } from './store.ts';

/** What waits in this browser for its operator. Looking spends nothing. */
export async function waitingImpersonation(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  { environment }: Client,
  request: RequestInfo,
): Promise<ImpersonationRow | null> {
  const token = impersonationToken(request, tenant);
  if (token === null || !environment.settings.impersonation) return null;
  return findOpenImpersonation(db, tenant, sha256(token), now());
}

/**
 * Spends what this browser holds, when it is about the user that the page named.
 *
 * @returns null when it was spent before, is over, or another one has taken its place
 */
export async function redeemImpersonation(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  request: RequestInfo,
): Promise<ImpersonationRow | null> {
  const token = impersonationToken(request, tenant);
  const spent = token === null ? null : await spendImpersonation(tx, tenant, sha256(token), services.now());
  if (spent?.userId !== userId) return null;
  const { operatorId, operatorEmail: email, reason } = spent;
  const operator = authenticatedTenant(tenant.environmentId, { type: 'operator', id: operatorId, name: email });
  await recordEvent(services, tx, operator, {
    name: 'impersonation.started',
    data: { id: spent.id, user_id: userId, email, reason },
    userId,
  });
  return spent;
}
