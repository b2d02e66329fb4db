import { type Reply, type RequestInfo, reply, type Secret, type Services } from '../core/index.ts';
import { answerClient } from './answer-client.ts';
import type { ConnectionRow } from './connection.ts';
import { SignOnLost } from './errors.ts';
import type { SignOnAnswer, SignOnResult } from './exchange.ts';
import { endTrip, keepAnswer } from './trips.ts';
import { sendToTest } from './try-out.ts';

/** Where the sign-in of our pages takes an answer; `sign-in` has the route. */
const returnPath = '/sso/return';

/**
 * The end of both protocols' callbacks: ends the trip, and sends the browser on to whoever sent it.
 *
 * @param state - as it came back: `state` or `RelayState`
 * @throws {SignOnLost} when nobody here asked, or somebody has answered already
 */
export async function land(
  services: Services,
  connection: ConnectionRow,
  state: string,
  answer: SignOnAnswer,
  request: RequestInfo,
): Promise<Reply> {
  const arrival = await endTrip(services, connection, state, answer);
  if (arrival.outcome === 'unknown') {
    throw new SignOnLost({ heading: 'social.lostHeading', message: 'social.lostWhy', advice: 'errors.signInFromApp' });
  }
  const { purpose, result } = arrival;
  if (result.outcome === 'failed') {
    services.log.warn({ connectionId: connection.id, reason: result.reason }, 'A sign-on at a provider failed');
  }
  if (purpose.kind === 'client') return answerClient(services, connection, purpose, result, request);
  if (purpose.kind === 'test') return sendToTest(services, connection, result);
  return sendBack(services, connection, purpose.attemptId, result);
}

/**
 * On to the page that takes the answer, with a ticket that only this browser has.
 *
 * @param attemptId - null when the sign-on began at the provider
 */
export async function sendBack(
  services: Services,
  connection: ConnectionRow,
  attemptId: string | null,
  result: SignOnResult,
): Promise<Reply> {
  const ticket: Secret = await keepAnswer(services, connection, attemptId, result);
  return reply.redirect(`${returnPath}?ticket=${ticket.reveal()}`, { status: 303 });
}
