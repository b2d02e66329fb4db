import { z } from 'zod';
import { anyone, type Reply, type RequestInfo, type Route, reply, route, type Services } from '../core/index.ts';
import {
  type ConnectionRow,
  findActiveConnection,
  findConnection,
  findWaitingAnswer,
  recordSignOn,
  SignOnLost,
  type SignOnResult,
  takeAnswer,
} from '../sso/index.ts';
import { advance, catchUp } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { acceptRedirect } from './redirects.ts';
import { type AppError, answerUrl } from './request.ts';
import { formRoute } from './routes-of.ts';
import { arriveBySignOn, backTo, leaveFor, type SignOnReturn } from './sso.ts';

const leave = formRoute(
  {
    operationId: 'submitSso',
    path: '/sign-in/sso',
    summary: "Go on at an organization's identity provider",
    step: 'sso',
    body: { connection_id: text },
    status: 200,
  },
  async (open, services, { body }) => {
    const connection = await findActiveConnection(services.db, open.tenant, body.connection_id);
    return connection ? leaveFor(services, open, connection) : goTo('/sign-in', open.attempt);
  },
  (open) => goTo('/sign-in', open.attempt),
);

const comeBack = route(
  {
    operationId: 'ssoReturn',
    method: 'GET',
    path: '/sso/return',
    summary: "Where an organization's identity provider has led people, and their sign-in goes on",
    auth: anyone('a browser navigation; the ticket says who was at the provider, and the cookie whose sign-in it is'),
    query: z.object({ ticket: z.string().max(128) }),
    returns: { status: 303 },
    errors: [...signInErrors, SignOnLost],
    page: true,
  },
  async ({ query, request }, services) => {
    const answer = await findWaitingAnswer(services, query.ticket);
    if (answer?.attemptId === null) {
      return reply.redirect(`/sso/consent?ticket=${encodeURIComponent(query.ticket)}`, { status: 303 });
    }
    if (!answer) {
      throw new SignOnLost({
        heading: 'social.lostHeading',
        message: 'social.lostWhy',
        advice: 'errors.signInFromApp',
      });
    }
    const open = await openAttempt(services, answer.attemptId, request, { mayRepeat: true });
    if (open.attempt.finishedAt) return advance(services, open);
    const connection = await findConnection(services.db, open.tenant, answer.connectionId);
    const result = await takeAnswer(services, open.tenant, answer);
    // A reload of the address goes where the first visit led.
    if (!result || !connection) return catchUp(services, open);
    return receive(services, open, connection, result, request);
  },
);

export const ssoPageRoutes: readonly Route[] = [leave, comeBack];

/** What a provider said goes into the sign-in that is to have it. */
export async function receive(
  services: Services,
  open: OpenAttempt,
  connection: ConnectionRow,
  result: SignOnResult,
  request: RequestInfo,
): Promise<Reply> {
  if (connection.state !== 'active') return stranded(services, open, connection, 'off', request);
  if (result.outcome !== 'identified') return stranded(services, open, connection, result.outcome, request);
  const moved = await arriveBySignOn(services, open, connection, result, request);
  if (moved === 'outside' || moved === 'failed') return stranded(services, open, connection, moved, request);
  return moved ? advance(services, moved) : catchUp(services, open);
}

const failures: Readonly<Record<SignOnReturn, AppError>> = {
  refused: { error: 'access_denied', description: 'The identity provider did not let the person in.' },
  failed: { error: 'oauth_failed', description: 'The identity provider could not sign the person in.' },
  outside: {
    error: 'profile_not_allowed_outside_organization',
    description: "The address is not of a domain that the connection's organization has verified.",
  },
  off: { error: 'connection_unlinked', description: 'The connection is switched off.' },
};

/** Back to where the trip began: our page with the reason, or the app that named the connection. */
async function stranded(
  services: Services,
  open: OpenAttempt,
  connection: ConnectionRow,
  reason: SignOnReturn,
  request: RequestInfo,
): Promise<Reply> {
  const { error, description } = failures[reason];
  await services.db.transaction((tx) =>
    recordSignOn(services, tx, open.tenant, connection, request, {
      status: 'failed',
      email: open.attempt.email,
      error: { code: error, message: description },
    }),
  );
  const { destination } = open.attempt.request;
  if (destination.kind !== 'app' || open.attempt.request.connectionId === null) return backTo(open, connection, reason);
  await acceptRedirect(services, open.client, destination.redirectUri);
  const answer = { error, error_description: description };
  return reply.redirect(answerUrl(destination.redirectUri, answer, destination.state), { status: 303 });
}
