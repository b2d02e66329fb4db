import { countRequest, type Limit, minutes, type Route, type Services, seconds, type Tenant } from '../core/index.ts';
import { type Environment, limitFactor } from '../environments/index.ts';

/** Of one API key, or one operator at the dashboard. */
const calls: Limit = { name: 'api-call', max: 6000, windowMs: minutes(1) };
/** Of one environment, whoever asks, at the operations about its users. */
const reads: Limit = { name: 'management-read', max: 1000, windowMs: seconds(10) };
const writes: Limit = { name: 'management-write', max: 500, windowMs: seconds(10) };

type Counting = Pick<Services, 'db' | 'now' | 'vault' | 'log' | 'config'>;

/**
 * Counts a call whose credential was right. It is synchronous and in memory: a refresh grant passes here too.
 *
 * @throws {TooManyRequests}
 */
export function countApiCall(services: Counting, environment: Environment, { actor }: Tenant): void {
  countRequest(services, calls, actor.id, limitFactor(services, environment));
}

/**
 * The same, for what a key may do to the environment's users: no key of it crowds out its other traffic.
 *
 * @throws {TooManyRequests}
 */
export function countManagementCall(
  services: Counting,
  environment: Environment,
  { method, path }: Pick<Route, 'method' | 'path'>,
): void {
  if (!path.startsWith('/user_management/')) return;
  countRequest(services, method === 'GET' ? reads : writes, environment.id, limitFactor(services, environment));
}
