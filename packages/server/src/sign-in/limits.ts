import { countAgainst, hours, type Limit, minutes, type RequestInfo, type Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import type { OpenAttempt } from './browser.ts';

/** Per e-mail address, shared by every page and spelling, and the same in staging. */
const passwords: Limit = { name: 'password', max: 10, windowMs: minutes(1) };
const posts: Limit = { name: 'hosted-post', max: 60, windowMs: minutes(1) };
const attempts: Limit = { name: 'attempt', max: 120, windowMs: minutes(1) };
const signUps: Limit = { name: 'sign-up', max: 20, windowMs: hours(1) };

/** An IPv6 customer has a /64 to choose addresses from, so that is what is counted. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  const [head = '', tail = ''] = ip.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const filled = ip.includes('::')
    ? [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left;
  return `${filled
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':')}::/64`;
}

const factorOf = ({ config }: Services, { client }: Pick<OpenAttempt, 'client'>): number =>
  client.environment.kind === 'staging' ? config.stagingLimitFactor : 1;

/** Each attempt is a row that anybody may ask for. */
export const countAttempt = (services: Services, client: Client, request: RequestInfo): Promise<void> =>
  countAgainst(services, attempts, `${client.environment.id} ${networkOf(request.ip)}`, factorOf(services, { client }));

export const countPost = (services: Services, open: OpenAttempt, request: RequestInfo): Promise<void> =>
  countAgainst(services, posts, `${open.client.environment.id} ${networkOf(request.ip)}`, factorOf(services, open));

export const countSignUp = (services: Services, open: OpenAttempt, request: RequestInfo): Promise<void> =>
  countAgainst(services, signUps, `${open.client.environment.id} ${networkOf(request.ip)}`, factorOf(services, open));

export const countPassword = (services: Services, open: OpenAttempt, email: string): Promise<void> =>
  countAgainst(services, passwords, `${open.client.environment.id} ${email.toLowerCase()}`);
