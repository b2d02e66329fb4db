import { z } from 'zod';
import { timestamp, toTimestamp, toTimestampOrNull } from '../core/index.ts';
import { sessionAuthMethod } from '../protocol/index.ts';
import type { SessionRow } from './store.ts';

export const sessionId = z.string().startsWith('session_').brand<'SessionId'>();

export const Session = z
  .object({
    object: z.literal('session'),
    id: z.string(),
    impersonator: z
      .object({ email: z.string(), reason: z.string().nullable() })
      .optional()
      .describe('Who acts as the user; only on impersonated sessions.'),
    ip_address: z.string().nullable(),
    organization_id: z.string().optional(),
    user_agent: z.string().nullable(),
    user_id: z.string(),
    auth_method: z.enum([
      'cross_app_auth',
      'external_auth',
      'impersonation',
      'magic_code',
      'migrated_session',
      'oauth',
      'passkey',
      'password',
      'sso',
      'unknown',
    ]),
    status: z.enum(['active', 'expired', 'revoked']),
    expires_at: timestamp,
    ended_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Session' });

/** @param at - the status depends on it: a session expires without anybody writing it down */
export function toWire(session: SessionRow, at: Date): z.input<typeof Session> {
  return {
    object: 'session',
    id: session.id,
    ...(session.impersonator === null ? {} : { impersonator: { ...session.impersonator } }),
    ip_address: session.ipAddress,
    ...(session.organizationId === null ? {} : { organization_id: session.organizationId }),
    user_agent: session.userAgent,
    user_id: session.userId,
    auth_method: sessionAuthMethod(session.authenticationMethod),
    status: session.endedAt ? 'revoked' : isExpired(session, at) ? 'expired' : 'active',
    expires_at: toTimestamp(session.expiresAt),
    ended_at: toTimestampOrNull(session.endedAt),
    created_at: toTimestamp(session.createdAt),
    updated_at: toTimestamp(session.updatedAt),
  };
}

/** Both clocks: inactivity, and the length no refresh extends. */
export const isExpired = (session: Pick<SessionRow, 'idleExpiresAt' | 'expiresAt'>, at: Date): boolean =>
  session.idleExpiresAt <= at || session.expiresAt <= at;
