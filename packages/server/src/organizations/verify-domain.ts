import {
  after,
  days,
  EntityNotFound,
  hours,
  isUniqueViolation,
  minutes,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { type DomainRow, expectedRecord, toDomainWire } from './domain.schema.ts';
import { findDomain, markFailed, markVerified, startCheck, takeDueDomains } from './domain.store.ts';
import { recordDomain } from './domains.ts';
import { DomainAlreadyVerified } from './errors.ts';

/** A record is looked for this long after somebody asked; DNS is slow, and people who may change it are slower. */
const periodMs = days(30);
/** How soon it is looked for again. */
const againMs = { fresh: minutes(10), old: hours(6) };
/** Domains one round of house-keeping looks at. */
const perRound = 50;

type FailureReason = 'domain_verification_period_expired' | 'domain_verified_by_other_organization';

/**
 * Looks for the TXT record that proves a domain: now, and from time to time until it is there.
 *
 * @returns the domain as it stands; still `pending` when the record is not there yet
 * @throws {EntityNotFound}
 * @throws {DomainAlreadyVerified}
 */
export async function verifyDomain(services: Services, tenant: Tenant, id: string): Promise<DomainRow> {
  const at = services.now();
  const row = await services.db.transaction(async (tx) => {
    const before = await findDomain(tx, tenant, id);
    if (!before) throw new EntityNotFound('OrganizationDomain', id);
    const started = await startCheck(tx, tenant, id, at, after(at, againMs.fresh));
    if (!started) throw new DomainAlreadyVerified(before.domain);
    if (before.state !== started.state) await recordDomain(services, tx, tenant, started, 'updated');
    return started;
  });
  await checkDomain(services, tenant, row);
  const settled = await findDomain(services.db, tenant, id);
  if (!settled) throw new EntityNotFound('OrganizationDomain', id);
  return settled;
}

/** Goes on looking for the records of all who asked. Every node may call it: each domain is looked at by one of them. */
export async function checkDueDomains(services: Services): Promise<void> {
  const at = services.now();
  const due = await takeDueDomains(services.db, at, after(at, againMs.old), perRound);
  for (const row of due) await checkDomain(services, systemTenant(row.environmentId), row);
}

async function checkDomain(services: Services, tenant: Tenant, row: DomainRow): Promise<void> {
  if (await hasRecord(services, row)) {
    if (await settle(services, tenant, row)) return;
    await fail(services, tenant, row, 'domain_verified_by_other_organization');
  } else if (row.startedAt && after(row.startedAt, periodMs) <= services.now()) {
    await fail(services, tenant, row, 'domain_verification_period_expired');
  }
}

/** Nobody but whoever runs the domain's DNS can put it there. A resolver that does not answer has not seen it. */
async function hasRecord({ resolveTxt, log }: Services, row: DomainRow): Promise<boolean> {
  try {
    const records = await resolveTxt(row.domain);
    // Longer texts are sent in pieces (RFC 7208 section 3.3).
    return records.some((pieces) => pieces.join('') === expectedRecord(row));
  } catch (error) {
    log.info({ err: error, domain: row.id }, 'The TXT records of a domain could not be read');
    return false;
  }
}

/** @returns false when another organization has proved it */
async function settle(services: Services, tenant: Tenant, row: DomainRow): Promise<boolean> {
  try {
    return await services.db.transaction(async (tx) => {
      const verified = await markVerified(tx, tenant, row, 'dns', services.now());
      if (verified) await recordDomain(services, tx, tenant, verified, 'verified');
      // Null may also mean that another request was here first, or that the domain was taken away.
      return verified !== null || (await findDomain(tx, tenant, row.id))?.state !== 'pending';
    });
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

async function fail(services: Services, tenant: Tenant, row: DomainRow, reason: FailureReason): Promise<void> {
  await services.db.transaction(async (tx) => {
    const failed = await markFailed(tx, tenant, row.id, services.now());
    if (!failed) return;
    await recordEvent(services, tx, tenant, {
      name: 'organization_domain.verification_failed',
      data: { reason, organization_domain: toDomainWire(failed) },
    });
  });
}
