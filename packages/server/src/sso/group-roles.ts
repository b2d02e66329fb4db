import type { Db, Tenant } from '../core/index.ts';
import { defaultRole } from '../organizations/index.ts';
import type { SsoProof } from '../sessions/index.ts';
import type { ConnectionRow } from './connection.ts';
import { findConnection } from './connections.store.ts';
import { findProfile } from './profiles.store.ts';

/** As many as a membership has at most. */
const maxRoles = 10;

/**
 * What the groups of somebody make them in the organization, in the order of the mapping.
 *
 * @returns null where nothing is mapped and roles are given by hand; the default role for whoever is in no group of the
 *   mapping
 */
export function rolesOfGroups(
  { groupRoles }: Pick<ConnectionRow, 'groupRoles'>,
  groups: readonly string[],
): readonly string[] | null {
  if (groupRoles.length === 0) return null;
  const roles = new Set(groupRoles.filter(({ group }) => groups.includes(group)).map(({ role }) => role));
  return roles.size === 0 ? [defaultRole] : [...roles].slice(0, maxRoles);
}

/** The same for somebody who has just signed on; null as well when connection or profile went away meanwhile. */
export async function rolesBySignOn(
  db: Db,
  tenant: Tenant,
  { connectionId, profileId }: Pick<SsoProof, 'connectionId' | 'profileId'>,
): Promise<readonly string[] | null> {
  const connection = await findConnection(db, tenant, connectionId);
  const profile = await findProfile(db, tenant, profileId);
  if (!connection || profile?.connectionId !== connectionId) return null;
  return rolesOfGroups(connection, profile.groups);
}
