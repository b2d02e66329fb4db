import { type Db, EntityNotFound, newId, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { type SuppressionRow, suppressionKey, toSuppressionWire } from './suppression.schema.ts';
import { findSuppressionOf, insertSuppression, removeSuppression } from './suppression.store.ts';

/** Whether nothing may go to that address any more. Nobody who asks for a mail learns of it: the pages answer as ever. */
export const isSuppressed = async (db: Db, tenant: Tenant, address: string): Promise<boolean> =>
  (await findSuppressionOf(db, tenant, suppressionKey(address))) !== null;

/** Ends all mail to an address. One that is on the list already stays there as it is. */
export async function suppress(
  services: Services,
  tenant: Tenant,
  address: string,
  why: Pick<SuppressionRow, 'reason' | 'detail'>,
): Promise<SuppressionRow> {
  const at = services.now();
  return services.db.transaction(async (tx) => {
    const key = suppressionKey(address);
    const row = { id: newId('suppressedAddress', at), address: key, ...why, createdAt: at };
    const added = await insertSuppression(tx, tenant, row);
    if (added) await record(services, tx, tenant, 'created', added);
    return added ?? (await findSuppressionOf(tx, tenant, key)) ?? row;
  });
}

/** Lets mail go to an address again. @throws {EntityNotFound} */
export async function allowAgain(services: Services, tenant: Tenant, id: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const removed = await removeSuppression(tx, tenant, id);
    if (!removed) throw new EntityNotFound('SuppressedAddress', id);
    await record(services, tx, tenant, 'deleted', removed);
  });
}

const record = (services: Services, tx: Db, tenant: Tenant, what: 'created' | 'deleted', row: SuppressionRow) =>
  recordEvent(services, tx, tenant, { name: `suppressed_address.${what}`, data: toSuppressionWire(row) });
