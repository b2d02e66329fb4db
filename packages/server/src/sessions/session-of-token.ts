import type { Services, Tenant } from '../core/index.ts';
import { parseRefreshToken, provesSession } from './refresh-token.ts';
import { findSession, type SessionRow } from './store.ts';

/** The session a refresh token was made for, used or not, ended or not. Null when we did not make the token. */
export async function findSessionOfToken(
  { db, vault }: Pick<Services, 'db' | 'vault'>,
  tenant: Tenant,
  token: string,
): Promise<SessionRow | null> {
  const parts = parseRefreshToken(token);
  if (!parts || !provesSession(vault, tenant.environmentId, token, parts)) return null;
  return findSession(db, tenant, parts.sessionId);
}
