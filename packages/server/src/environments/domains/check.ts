import { after, days, isUniqueViolation, minutes, type Services, systemTenant, type Tenant } from '../../core/index.ts';
import { CustomDomainTaken } from '../errors.ts';
import { getDomain, recordDomain } from './logic.ts';
import { type CustomDomainRow, expectedRecord, recordName } from './schema.ts';
import { isProved, markVerified, noteLook, selectUnchecked } from './store.ts';

/** A record is looked for this long without anybody asking again. */
const periodMs = days(30);
const againMs = minutes(10);
/** Names that one round of house-keeping looks at. */
const perRound = 20;

/**
 * Looks at DNS: for the record that proves the name, and whether the name leads here.
 *
 * @returns the domain as it stands then
 * @throws {EntityNotFound}
 * @throws {CustomDomainTaken} when the record is there and another environment was first
 */
export async function checkDomain(services: Services, tenant: Tenant, id: string): Promise<CustomDomainRow> {
  const before = await getDomain(services.db, tenant, id);
  const seen = { hasRecord: await hasRecord(services, before), isPointedHere: await leadsHere(services, before) };
  await services.db.transaction((tx) => noteLook(tx, tenant, id, seen, services.now()));
  if (seen.hasRecord && before.state === 'pending') await prove(services, tenant, before);
  return getDomain(services.db, tenant, id);
}

/** Goes on looking for the records of those who wait. Every node may call it at any time. */
export async function checkPendingDomains(services: Services): Promise<void> {
  const at = services.now();
  const times = { createdAfter: after(at, -periodMs), checkedBefore: after(at, -againMs) };
  for (const { id, environmentId } of await selectUnchecked(services.db, { ...times, limit: perRound })) {
    await checkDomain(services, systemTenant(environmentId), id).catch((error: unknown) =>
      services.log.info({ err: error, domain: id }, 'A custom domain was not proved'),
    );
  }
}

async function prove(services: Services, tenant: Tenant, row: CustomDomainRow): Promise<void> {
  try {
    await services.db.transaction(async (tx) => {
      const verified = await markVerified(tx, tenant, row, services.now());
      if (verified) return recordDomain(services, tx, tenant, 'verified', verified);
      // Or a request of the same environment was here first, or the name was taken away.
      const now = await getDomain(tx, tenant, row.id);
      if (now.state === 'pending' && (await isProved(tx, row.name))) throw new CustomDomainTaken(row.name);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new CustomDomainTaken(row.name);
    throw error;
  }
}

/** Nobody but whoever runs the name's DNS can put it there. A resolver that does not answer has not seen it. */
async function hasRecord({ resolveTxt, log }: Services, row: CustomDomainRow): Promise<boolean> {
  try {
    const records = await resolveTxt(recordName(row));
    return records.some((pieces) => pieces.join('') === expectedRecord(row));
  } catch (error) {
    log.info({ err: error, domain: row.id }, 'The TXT records of a custom domain could not be read');
    return false;
  }
}

/** It has an address in common with the server's own name: so it is with a CNAME, and with A and AAAA records too. */
async function leadsHere({ resolveAddresses, config }: Services, { name }: CustomDomainRow): Promise<boolean> {
  const addressesOf = (host: string): Promise<readonly string[]> => resolveAddresses(host).catch(() => []);
  const [theirs, ours] = await Promise.all([addressesOf(name), addressesOf(new URL(config.serverUrl).hostname)]);
  return theirs.some((address) => ours.includes(address));
}
