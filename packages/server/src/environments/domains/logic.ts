import { type Db, EntityNotFound, newId, randomBase62, type Services, type Tenant } from '../../core/index.ts';
import { recordEvent } from '../../events/index.ts';
import { forgetClient } from '../clients.ts';
import { CustomDomainNotReady, CustomDomainTaken } from '../errors.ts';
import { takeClient } from '../store.ts';
import { parseHostName } from './host-name.ts';
import { forgetHosts } from './hosts.ts';
import { type CustomDomainRow, toWire } from './schema.ts';
import { findDomain, insertDomain, isProved, markActive, removeDomain, retireActive, selectDomains } from './store.ts';

const tokenLength = 32;

/**
 * Gives an environment a name that it is to prove. Others may be about to prove it too, or whoever is first to name one
 * would keep its owner out. The token is a new one each time: a record that was left behind proves nothing.
 *
 * @throws {InvalidRequestParameters} when it is no name for that
 * @throws {CustomDomainTaken} when an environment has proved it
 */
export function addDomain(services: Services, tenant: Tenant, raw: string): Promise<CustomDomainRow> {
  const name = parseHostName(raw, services.config);
  const at = services.now();
  return services.db.transaction(async (tx) => {
    if (await isProved(tx, name)) throw await taken(tx, tenant, name);
    const row = await insertDomain(tx, tenant, {
      id: newId('customDomain', at),
      name,
      state: 'pending',
      token: randomBase62(tokenLength),
      hasRecord: false,
      isPointedHere: false,
      checkedAt: null,
      createdAt: at,
      updatedAt: at,
    });
    if (!row) throw await taken(tx, tenant, name);
    await recordDomain(services, tx, tenant, 'created', row);
    return row;
  });
}

async function taken(tx: Db, tenant: Tenant, name: string): Promise<Error> {
  const own = (await selectDomains(tx, tenant)).some((row) => row.name === name);
  return own ? new CustomDomainNotReady(`'${name}' is in the list already.`) : new CustomDomainTaken(name);
}

/**
 * Sends people to a name from now on; the one before it is only proved then.
 *
 * @param anyway - although DNS does not show that it leads here: a proxy in front may have addresses of its own
 * @throws {EntityNotFound} {@link CustomDomainNotReady}
 */
export function activateDomain(
  services: Services,
  tenant: Tenant,
  id: string,
  { anyway }: { anyway: boolean },
): Promise<CustomDomainRow> {
  return change(services, tenant, async (tx, at) => {
    const row = await getDomain(tx, tenant, id);
    if (row.state === 'active') return row;
    if (row.state === 'pending')
      throw new CustomDomainNotReady(`'${row.name}' is not proved yet. Set its TXT record and check again.`);
    if (!row.isPointedHere && !anyway)
      throw new CustomDomainNotReady(`'${row.name}' does not lead here yet. Set its CNAME record and check again.`);
    const former = await retireActive(tx, tenant, at);
    if (former) await recordDomain(services, tx, tenant, 'deactivated', former);
    const active = await markActive(tx, tenant, id, at);
    if (!active) throw new CustomDomainNotReady(`'${row.name}' is not proved any more.`);
    await recordDomain(services, tx, tenant, 'activated', active);
    return active;
  });
}

/** Sends people to the server's own name again. @throws {EntityNotFound} {@link CustomDomainNotReady} */
export function deactivateDomain(services: Services, tenant: Tenant, id: string): Promise<CustomDomainRow> {
  return change(services, tenant, async (tx, at) => {
    const row = await getDomain(tx, tenant, id);
    if (row.state !== 'active') throw new CustomDomainNotReady(`'${row.name}' is not in use.`);
    const former = await retireActive(tx, tenant, at);
    if (former) await recordDomain(services, tx, tenant, 'deactivated', former);
    return former ?? row;
  });
}

/** Lets go of a name. Whoever wants it then has to prove it, this environment too. @throws {EntityNotFound} */
export async function deleteDomain(services: Services, tenant: Tenant, id: string): Promise<void> {
  await change(services, tenant, async (tx) => {
    const row = await removeDomain(tx, tenant, id);
    if (!row) throw new EntityNotFound('CustomDomain', id);
    await recordDomain(services, tx, tenant, 'deleted', row);
    return row;
  });
}

/** One after the other for each environment, and forgotten by the caches when it is done. */
function change(
  services: Services,
  tenant: Tenant,
  make: (tx: Db, at: Date) => Promise<CustomDomainRow>,
): Promise<CustomDomainRow> {
  return services.db.transaction(async (tx) => {
    const at = services.now();
    const { clientId } = await takeClient(tx, tenant, at);
    const row = await make(tx, at);
    forgetClient(services, tx, { clientId, environmentId: tenant.environmentId });
    forgetHosts(services, tx);
    return row;
  });
}

/** @throws {EntityNotFound} */
export async function getDomain(db: Db, tenant: Tenant, id: string): Promise<CustomDomainRow> {
  const row = await findDomain(db, tenant, id);
  if (!row) throw new EntityNotFound('CustomDomain', id);
  return row;
}

export const recordDomain = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  what: 'created' | 'verified' | 'activated' | 'deactivated' | 'deleted',
  row: CustomDomainRow,
): Promise<void> =>
  recordEvent(services, tx, tenant, { name: `custom_domain.${what}`, data: toWire(row, services.config) });
