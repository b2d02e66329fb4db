import { type Reply, type RequestInfo, reply } from '../../core/index.ts';
import type { Simulated } from './endpoints.ts';
import type { Grants } from './grants.ts';

/** What an access token opens (RFC 6750 section 2.1). */
export function resource(
  { key, answersOf }: Simulated,
  endpoint: 'userInfo' | 'profile' | 'emails',
  grants: Grants,
  { authorization }: RequestInfo,
): Reply {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const grant = token === undefined ? null : grants.findByToken(key, token);
  if (!grant) return reply.json({ error: 'invalid_token' }, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  const { profile, emails } = answersOf(grant.account);
  return reply.json(endpoint === 'emails' ? emails : profile);
}
