import type { Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import type { RedirectList } from './schema.ts';

/** What of an environment somebody changed. */
type Part =
  | 'settings'
  | 'application'
  | RedirectList
  | 'cors_origins'
  | 'jwt_template'
  | 'mail_provider'
  | `social_providers.${string}`;

type Wire = Readonly<Record<string, unknown>>;

/**
 * Leaves a trail of a change in the change's own transaction. Of `before` and `after`, both as on the wire, only what
 * differs is kept; null stands for an entry that was not there yet, or is not there any more. No difference, no event.
 */
export async function recordChange(
  services: Services,
  tx: Db,
  tenant: Tenant,
  part: Part,
  { before, after }: { readonly before: Wire | null; readonly after: Wire | null },
): Promise<void> {
  if (before && after && differing(before, after).length === 0) return;
  const data = {
    id: tenant.environmentId,
    part,
    before: before && after ? only(before, differing(before, after)) : before,
    after: before && after ? only(after, differing(before, after)) : after,
  };
  await recordEvent(services, tx, tenant, { name: 'environment.updated', data });
}

/** Wire objects of ours are flat here: settings, names and addresses. */
const differing = (before: Wire, after: Wire): string[] =>
  Object.keys(after).filter((field) => before[field] !== after[field]);

const only = (wire: Wire, fields: readonly string[]): Wire =>
  Object.fromEntries(fields.map((field) => [field, wire[field]]));
