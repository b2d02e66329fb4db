import { findEnvironmentOfAttempt } from '../attempts/index.ts';
import {
  countAgainst,
  type Limit,
  minutes,
  networkOf,
  type RequestInfo,
  type Route,
  type Services,
} from '../core/index.ts';
import {
  type EnvironmentWithClient,
  findClient,
  findEnvironment,
  firstEnvironment,
  limitFactor,
} from '../environments/index.ts';

const forms: Limit = { name: 'hosted-post', max: 60, windowMs: minutes(1) };
/** A page that takes passkeys asks by itself, so nothing is counted against the forms people send. */
const questions: Limit = { name: 'passkey-question', max: 120, windowMs: minutes(1) };

/**
 * These routes, with what is sent to their pages counted for the network it comes from: first of all, so that a form
 * without its attempt, link or token costs as much as a good one.
 */
export const countingForms = (routes: readonly Route[]): readonly Route[] =>
  routes.map((route) => {
    if (!route.page || route.method !== 'POST') return route;
    const limit = route.returns.body === undefined ? forms : questions;
    return { ...route, first: (request, services) => countAgainstNetwork(services, limit, request) };
  });

/** @throws {TooManyRequests} */
async function countAgainstNetwork(services: Services, limit: Limit, request: RequestInfo): Promise<void> {
  const environment = await strictestOf(services, request);
  const factor = environment ? limitFactor(services, environment) : 1;
  await countAgainst(services, limit, `${environment?.id} ${networkOf(request.ip)}`, factor);
}

/**
 * The environment that the address names, by its attempt or its client. Where it names two, the one with the tighter
 * limit: nobody is let off by naming a staging environment besides. Where it names none, the first.
 */
async function strictestOf(services: Services, { url }: RequestInfo): Promise<Named | null> {
  const query = new URLSearchParams(url.split('?')[1]);
  const [attempt, clientId] = [query.get('attempt'), query.get('client_id')];
  const ofAttempt = attempt === null ? null : await findEnvironmentOfAttempt(services.db, attempt.slice(0, 64));
  const named = [
    ofAttempt === null ? null : await findEnvironment(services, ofAttempt),
    clientId === null ? null : ((await findClient(services, clientId.slice(0, 128)))?.environment ?? null),
  ].filter((environment) => environment !== null);
  const [strictest] = named.sort((a, b) => limitFactor(services, a) - limitFactor(services, b));
  return strictest ?? (await firstEnvironment(services));
}

type Named = Pick<EnvironmentWithClient, 'id' | 'kind' | 'settings'>;
