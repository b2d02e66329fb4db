import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { EntityNotFound, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { lockOrganization, saveOrganization } from './organization.store.ts';
import { type Policy, type PolicyChange, policyOf, toPolicyWire } from './policy.schema.ts';

/** @throws {EntityNotFound} also when the organization belongs to another environment */
export function updatePolicy(
  services: Services,
  tenant: Tenant,
  organizationId: string,
  change: z.output<typeof PolicyChange>,
): Promise<Policy> {
  return services.db.transaction(async (tx) => {
    const organization = await lockOrganization(tx, tenant, organizationId);
    if (!organization) throw new EntityNotFound('Organization', organizationId);
    const policy = policyOf(organization, change);
    const [before, after] = [toPolicyWire(organization), toPolicyWire(policy)];
    if (isDeepStrictEqual(before, after)) return policy;
    await saveOrganization(tx, tenant, { ...organization, ...policy, updatedAt: services.now() });
    await recordEvent(services, tx, tenant, {
      name: 'organization.policy_updated',
      data: { id: organizationId, before, after },
    });
    return policy;
  });
}
