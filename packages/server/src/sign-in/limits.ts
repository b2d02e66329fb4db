import { countAgainst, hours, type Limit, minutes, networkOf, type RequestInfo, type Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import type { OpenAttempt } from './browser.ts';

const posts: Limit = { name: 'hosted-post', max: 60, windowMs: minutes(1) };
const attempts: Limit = { name: 'attempt', max: 120, windowMs: minutes(1) };
/** A page that takes passkeys asks by itself, so nothing is counted against the forms people send. */
const questions: Limit = { name: 'passkey-question', max: 120, windowMs: minutes(1) };
const signUps: Limit = { name: 'sign-up', max: 20, windowMs: hours(1) };

const factorOf = ({ config }: Services, { client }: Pick<OpenAttempt, 'client'>): number =>
  client.environment.kind === 'staging' ? config.stagingLimitFactor : 1;

/** Each attempt is a row that anybody may ask for. */
export const countAttempt = (services: Services, client: Client, request: RequestInfo): Promise<void> =>
  countAgainst(services, attempts, `${client.environment.id} ${networkOf(request.ip)}`, factorOf(services, { client }));

export const countPost = (services: Services, open: Pick<OpenAttempt, 'client'>, request: RequestInfo): Promise<void> =>
  countAgainst(services, posts, `${open.client.environment.id} ${networkOf(request.ip)}`, factorOf(services, open));

export const countQuestion = (services: Services, open: OpenAttempt, request: RequestInfo): Promise<void> =>
  countAgainst(services, questions, `${open.client.environment.id} ${networkOf(request.ip)}`, factorOf(services, open));

export const countSignUp = (services: Services, open: OpenAttempt, request: RequestInfo): Promise<void> =>
  countAgainst(services, signUps, `${open.client.environment.id} ${networkOf(request.ip)}`, factorOf(services, open));
