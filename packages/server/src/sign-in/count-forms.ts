import { z } from 'zod';
import { findEnvironmentOfAttempt } from '../attempts/index.ts';
import {
  countAgainst,
  type Limit,
  minutes,
  networkOf,
  type RequestInfo,
  type Route,
  type SentQuery,
  type Services,
} from '../core/index.ts';
import {
  type EnvironmentWithClient,
  findClient,
  findEnvironment,
  limitFactor,
  listShownEnvironments,
} from '../environments/index.ts';

const forms: Limit = { name: 'hosted-post', max: 60, windowMs: minutes(1) };
/** A page that takes passkeys asks by itself, so nothing is counted against the forms people send. */
const questions: Limit = { name: 'passkey-question', max: 120, windowMs: minutes(1) };

/** Here a mailed link says whose the page is, in the body; the address says at most which sign-in asked for it. */
const ofItsLink = '/reset-password';

/**
 * These routes, with what is sent to their pages counted for the network it comes from: first of all, so that a form
 * without its attempt, link or token costs as much as a good one.
 */
export const countingForms = (routes: readonly Route[]): readonly Route[] =>
  routes.map((route) => {
    if (!route.page || route.method !== 'POST') return route;
    const limit = route.returns.body === undefined ? forms : questions;
    return {
      ...route,
      first: (request, services, query) => countAgainstNetwork(services, limit, request, namesIn(route, query)),
    };
  });

/** @throws {TooManyRequests} */
async function countAgainstNetwork(
  services: Services,
  limit: Limit,
  request: RequestInfo,
  names: Names,
): Promise<void> {
  const environment = await strictestOf(services, names);
  const factor = environment ? limitFactor(services, environment) : 1;
  await countAgainst(services, limit, `${environment?.id} ${networkOf(request.ip)}`, factor);
}

interface Names {
  readonly attempt: string | null;
  readonly clientId: string | null;
}

/** What the address says of whose the page is. What a page does not read says nothing: it would be the caller's choice. */
function namesIn({ path, query: schema }: Route, query: SentQuery): Names {
  const read = (name: string): string | null => {
    const value = schema instanceof z.ZodObject && name in schema.shape ? query[name] : undefined;
    return typeof value === 'string' ? value : null;
  };
  if (path === ofItsLink) return { attempt: null, clientId: null };
  return { attempt: read('attempt'), clientId: read('client_id') };
}

/**
 * The environment that the address names, by its attempt or its client. Where it names two, the one with the tighter
 * limit: nobody is let off by naming a staging environment besides. Where it names none, the tightest of all.
 */
async function strictestOf(services: Services, { attempt, clientId }: Names): Promise<Named | null> {
  const ofAttempt = attempt === null ? null : await findEnvironmentOfAttempt(services.db, attempt.slice(0, 64));
  const named = [
    ofAttempt === null ? null : await findEnvironment(services, ofAttempt),
    clientId === null ? null : ((await findClient(services, clientId.slice(0, 128)))?.environment ?? null),
  ].filter((environment) => environment !== null);
  const all: readonly Named[] = named.length > 0 ? named : await listShownEnvironments(services);
  return all.toSorted((a, b) => limitFactor(services, a) - limitFactor(services, b))[0] ?? null;
}

type Named = Pick<EnvironmentWithClient, 'id' | 'kind' | 'settings'>;
