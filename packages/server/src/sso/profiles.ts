import { type Db, newId, type Services } from '../core/index.ts';
import type { Assertion } from './assertion.ts';
import type { ConnectionRow } from './connection.ts';
import { type ProfileRow, saveProfile } from './profiles.store.ts';

/** Keeps what a provider says of somebody: the latest, under the id that the person has had since they first came. */
export function keepProfile(
  { now }: Pick<Services, 'now'>,
  tx: Db,
  { id: connectionId, organizationId, environmentId }: ConnectionRow,
  { subject, email, firstName, lastName, name, groups, attributes }: Assertion,
): Promise<ProfileRow> {
  const at = now();
  return saveProfile(tx, {
    id: newId('ssoProfile', at),
    environmentId,
    organizationId,
    connectionId,
    subject,
    userId: null,
    email,
    firstName,
    lastName,
    name,
    groups,
    attributes,
    createdAt: at,
    updatedAt: at,
  });
}
