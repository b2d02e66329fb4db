import { base62, sameText, type Vault } from '../core/index.ts';

/**
 * A refresh token is derived, not stored: it names its session and how often that was refreshed, and carries a keyed
 * MAC over both. The database alone makes no token, used ones leave no rows, and the successor of a token can be
 * given again to whoever repeats it inside the replay window without being kept anywhere.
 *
 * Form: 26 letters of the session's ULID, 6 of the generation in base 36, 8 of the key id, 43 or 44 of the MAC.
 */
export interface RefreshTokenParts {
  readonly sessionId: string;
  readonly generation: number;
  readonly keyId: string;
}

const form = /^([0-9A-HJKMNP-TV-Z]{26})([0-9a-z]{6})([0-9a-f]{8})([0-9A-Za-z]{43,44})$/;

export function refreshToken(
  vault: Vault,
  environmentId: string,
  sessionId: string,
  generation: number,
  keyId = vault.primaryKeyId,
): string {
  const mac = vault.mac('refresh-token', `${environmentId}\n${sessionId}\n${generation}`, keyId);
  return sessionId.slice('session_'.length) + generation.toString(36).padStart(6, '0') + keyId + base62(mac);
}

/** What a token claims; nothing is proved before `provesSession`. */
export function parseRefreshToken(token: string): RefreshTokenParts | null {
  const match = form.exec(token);
  if (!match) return null;
  const [, ulid = '', generation = '', keyId = ''] = match;
  return { sessionId: `session_${ulid}`, generation: Number.parseInt(generation, 36), keyId };
}

/** Whether we made this very token, letter for letter. */
export function provesSession(vault: Vault, environmentId: string, token: string, parts: RefreshTokenParts): boolean {
  if (!vault.knows(parts.keyId)) return false;
  return sameText(token, refreshToken(vault, environmentId, parts.sessionId, parts.generation, parts.keyId));
}
