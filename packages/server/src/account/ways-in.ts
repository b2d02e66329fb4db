import type { Db } from '../core/index.ts';
import { listPasskeys } from '../passkeys/index.ts';
import { listIdentities } from '../social/index.ts';
import { passwordSince } from '../users/index.ts';
import type { OpenAccount } from './open.ts';

/**
 * Whether somebody could still get in without one of these. A mailed code is a way wherever it is switched on, and a
 * passkey where passkeys are.
 */
export async function hasAnotherWay(
  { client, tenant, user }: OpenAccount,
  db: Db,
  without: 'identity' | 'passkey',
): Promise<boolean> {
  const { magicAuthSignIn, passwordSignIn, passkeySignIn } = client.environment.settings;
  if (magicAuthSignIn || (passwordSignIn && (await passwordSince(db, tenant, user.id)))) return true;
  const { rows } = await listPasskeys(db, tenant, user.id, { limit: 2, order: 'asc' });
  const passkeys = passkeySignIn ? rows.length : 0;
  const identities = (await listIdentities(db, tenant, user.id)).length;
  return without === 'identity' ? passkeys + identities > 1 : passkeys > 1 || identities > 0;
}
