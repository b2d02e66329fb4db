import {
  countAgainst,
  countRequest,
  hours,
  type Limit,
  minutes,
  networkOf,
  type RequestInfo,
  type Services,
} from '../core/index.ts';
import { type Client, limitFactor } from '../environments/index.ts';
import type { OpenAttempt } from './browser.ts';

const attempts: Limit = { name: 'attempt', max: 120, windowMs: minutes(1) };
const signUps: Limit = { name: 'sign-up', max: 20, windowMs: hours(1) };

/** Forms that made no account: each has a password rated, which is work. */
const signUpTries: Limit = { name: 'sign-up-try', max: 60, windowMs: hours(1) };
/** While somebody types; the script asks at most once in half a second. */
const advice: Limit = { name: 'password-advice', max: 120, windowMs: minutes(1) };

const factorOf = (services: Services, { client }: Pick<OpenAttempt, 'client'>): number =>
  limitFactor(services, client.environment);

/** Each attempt is a row that anybody may ask for. */
export const countAttempt = (services: Services, client: Client, request: RequestInfo): Promise<void> =>
  countAgainst(services, attempts, `${client.environment.id} ${networkOf(request.ip)}`, factorOf(services, { client }));

export const countSignUp = (services: Services, open: OpenAttempt, request: RequestInfo): Promise<void> =>
  countAgainst(services, signUps, `${open.client.environment.id} ${networkOf(request.ip)}`, factorOf(services, open));

export const countSignUpTry = (services: Services, open: OpenAttempt, request: RequestInfo): Promise<void> =>
  countAgainst(
    services,
    signUpTries,
    `${open.client.environment.id} ${networkOf(request.ip)}`,
    factorOf(services, open),
  );

/** @throws {TooManyRequests} */
export const countAdvice = (services: Services, client: Client, request: RequestInfo): void =>
  countRequest(services, advice, `${client.environment.id} ${networkOf(request.ip)}`, factorOf(services, { client }));
