import { type Db, newIdInOrder, type Services, type Tenant } from '../core/index.ts';
import type { EventName } from '../protocol/index.ts';
import { insertEvent } from './store.ts';

interface NewEvent {
  readonly name: EventName;
  /** The object as it is on the wire, without secrets, codes and tokens. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whose timeline it belongs to. */
  readonly userId?: string | null;
  /** Whose, too, where the data does not say so by itself. */
  readonly organizationId?: string;
}

/** In whose timeline it stands, too: what is about an organization is known by its name, the rest names one. */
function organizationOf({ name, data, organizationId }: NewEvent): string | null {
  const id = name.startsWith('organization.') ? data.id : (organizationId ?? data.organization_id);
  return typeof id === 'string' ? id : null;
}

/** Writes an event beside the change it tells of, and lets later rooms react in the same transaction. */
export async function recordEvent(services: Services, tx: Db, tenant: Tenant, event: NewEvent): Promise<void> {
  const createdAt = services.now();
  await insertEvent(tx, tenant, {
    id: newIdInOrder('event', createdAt),
    name: event.name,
    data: event.data,
    userId: event.userId ?? null,
    organizationId: organizationOf(event),
    createdAt,
  });
  for (const reaction of services.reactions) {
    if (reaction.event === event.name) await reaction.react(services, tx, tenant, event.data);
  }
}
