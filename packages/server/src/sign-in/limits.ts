import { countAgainst, hours, type Limit, minutes, networkOf, type RequestInfo, type Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import type { OpenAttempt } from './browser.ts';

/** Per e-mail address, shared by every page and spelling, and the same in staging. */
const passwords: Limit = { name: 'password', max: 10, windowMs: minutes(1) };
const posts: Limit = { name: 'hosted-post', max: 60, windowMs: minutes(1) };
const attempts: Limit = { name: 'attempt', max: 120, windowMs: minutes(1) };
const signUps: Limit = { name: 'sign-up', max: 20, windowMs: hours(1) };

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
