import {
  after,
  authenticatedTenant,
  minutes,
  newSecret,
  Secret,
  type Services,
  seconds,
  sha256,
  type Tenant,
} from '../core/index.ts';
import type { ConnectionRow } from './connection.ts';
import { findActiveConnection, findConnection } from './connections.store.ts';
import type { Checks, SignOnAnswer, SignOnResult, Wishes } from './exchange.ts';
import { beginSignOn, endSignOn } from './sign-on.ts';
import {
  type AnswerRow,
  findAnswer,
  insertAnswer,
  insertTrip,
  type Purpose,
  spendAnswer,
  spendTrip,
  type TripRow,
} from './trips.store.ts';

const tripMs = minutes(10);
/** From the provider's answer to the page that takes it there is one redirect. */
const answerMs = seconds(120);
/** Where nobody asked, a person reads a page and decides. */
const unaskedMs = minutes(10);

/**
 * Begins a trip: what ties its answer to it is written down, and the browser may go.
 *
 * @throws {ProviderUnreachable} when the provider does not say where its endpoints are
 */
export async function beginTrip(
  services: Services,
  tenant: Tenant,
  connection: ConnectionRow,
  purpose: Purpose,
  wishes: Wishes = {},
): Promise<URL> {
  const random = (): string => newSecret().reveal();
  const checks: Checks = { state: random(), nonce: random(), codeVerifier: random() };
  const url = await beginSignOn(services, connection, checks, wishes);
  const at = services.now();
  const trip = { stateHash: sha256(checks.state), environmentId: tenant.environmentId };
  await insertTrip(services.db, {
    ...trip,
    connectionId: connection.id,
    purpose,
    sealedChecks: services.vault.seal(JSON.stringify(checks), placeOf(trip)),
    redeemedAt: null,
    expiresAt: after(at, tripMs),
    createdAt: at,
  });
  return url;
}

const placeOf = ({ environmentId, stateHash }: Pick<TripRow, 'environmentId' | 'stateHash'>): string =>
  `sso_trips/${environmentId}/${stateHash}`;

/** How a trip ended. */
export type Arrival =
  | { readonly outcome: 'arrived'; readonly purpose: Purpose; readonly result: SignOnResult }
  /** Of no trip that is under way to this connection: unknown, spent, expired. */
  | { readonly outcome: 'unknown' };

/**
 * Ends a trip: the one write that finds it also spends it, then what the provider says is checked.
 *
 * @param connection - the one whose callback was called, so that no provider answers for another
 * @param state - as it came back
 */
export async function endTrip(
  services: Services,
  connection: ConnectionRow,
  state: string,
  answer: SignOnAnswer,
): Promise<Arrival> {
  const at = services.now();
  const tenant = tenantOf(connection);
  const wanted = { stateHash: sha256(state), connectionId: connection.id };
  const trip = await spendTrip(services.db, tenant, wanted, at);
  if (!trip || trip.expiresAt <= at) return { outcome: 'unknown' };
  const { purpose } = trip;
  // What is tried out need not be switched on yet.
  const find = purpose.kind === 'test' ? findConnection : findActiveConnection;
  const active = await find(services.db, tenant, connection.id);
  if (!active) {
    const reason = 'the connection was switched off meanwhile';
    return { outcome: 'arrived', purpose, result: { outcome: 'failed', reason } };
  }
  const checks = JSON.parse(services.vault.open(trip.sealedChecks, placeOf(trip))) as Checks;
  return { outcome: 'arrived', purpose, result: await endSignOn(services, active, checks, answer) };
}

/** A provider's callback is nobody's request in particular: it acts for the connection. */
export const tenantOf = ({ environmentId, id, name }: Pick<ConnectionRow, 'environmentId' | 'id' | 'name'>): Tenant =>
  authenticatedTenant(environmentId, { type: 'system', id, name });

/**
 * Keeps an answer for the browser that brought it.
 *
 * That browser alone learns the ticket, and only the browser of the sign-in can redeem it. Whoever lures somebody to a
 * provider with a sign-in of their own therefore gets nothing: one browser has the ticket, the other the cookie.
 *
 * @param attemptId - the sign-in that asked; null when it began at the provider
 */
export async function keepAnswer(
  services: Services,
  connection: ConnectionRow,
  attemptId: string | null,
  result: SignOnResult,
): Promise<Secret> {
  const ticket = newSecret();
  const at = services.now();
  const answer = { ticketHash: ticket.hash(), environmentId: connection.environmentId };
  await insertAnswer(services.db, {
    ...answer,
    connectionId: connection.id,
    attemptId,
    sealedResult: services.vault.seal(JSON.stringify(result), placeOfAnswer(answer)),
    redeemedAt: null,
    expiresAt: after(at, attemptId === null ? unaskedMs : answerMs),
    createdAt: at,
  });
  return ticket;
}

const placeOfAnswer = ({ environmentId, ticketHash }: Pick<AnswerRow, 'environmentId' | 'ticketHash'>): string =>
  `sso_answers/${environmentId}/${ticketHash}`;

/** An answer that waits. It may be looked at until somebody takes it. */
export async function findWaitingAnswer(
  { db, now }: Pick<Services, 'db' | 'now'>,
  ticket: string,
): Promise<AnswerRow | null> {
  const answer = await findAnswer(db, new Secret(ticket).hash());
  return answer && answer.expiresAt > now() ? answer : null;
}

/** What an answer says, for the page that asks whether to take it. Null when it was taken. */
export const readWaitingAnswer = (services: Pick<Services, 'vault'>, answer: AnswerRow): SignOnResult | null =>
  answer.redeemedAt === null ? opened(services, answer) : null;

const opened = ({ vault }: Pick<Services, 'vault'>, answer: AnswerRow): SignOnResult =>
  JSON.parse(vault.open(answer.sealedResult, placeOfAnswer(answer))) as SignOnResult;

/** Takes an answer, once. Null when somebody was first. */
export async function takeAnswer(
  services: Pick<Services, 'db' | 'now' | 'vault'>,
  tenant: Tenant,
  answer: AnswerRow,
): Promise<SignOnResult | null> {
  if (!(await spendAnswer(services.db, tenant, answer.ticketHash, services.now()))) return null;
  return opened(services, answer);
}
