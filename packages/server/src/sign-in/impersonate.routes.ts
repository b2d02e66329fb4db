import { type Reply, type Route, reply, type Services, withCookies } from '../core/index.ts';
import { clearedImpersonationCookie, redeemImpersonation } from '../impersonation/index.ts';
import { impersonationMinutes } from '../sessions/index.ts';
import { advance, catchUp, learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { ImpersonationOver } from './errors.ts';
import { text } from './form.ts';
import { impersonatePage } from './pages/index.ts';
import { acceptRedirect } from './redirects.ts';
import { answerUrl } from './request.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
import { attemptPage, formOf } from './view.ts';

function page(open: OpenAttempt): Reply {
  const { email, impersonator } = open.attempt;
  return attemptPage(open, (view) =>
    impersonatePage({
      ...view,
      ...formOf(open, '/impersonate', 'impersonate'),
      email: email ?? '',
      operator: impersonator?.email ?? '',
      reason: impersonator?.reason ?? '',
      minutes: impersonationMinutes,
    }),
  );
}

const show = pageRoute(
  {
    operationId: 'showImpersonate',
    path: '/impersonate',
    summary: 'The last question before an operator acts as a user',
    isDue: waitsFor('impersonate'),
    why: 'shown to the browser that holds the operator’s token',
  },
  (open) => page(open),
);

const submit = formRoute(
  {
    operationId: 'submitImpersonate',
    path: '/impersonate',
    summary: 'Act as a user, or do not',
    isDue: waitsFor('impersonate'),
    why: 'the operator’s token is the credential, and the form proves its browser',
    step: 'impersonate',
    body: { answer: text },
  },
  async (open, services, { body, request }) => {
    const cookies = [clearedImpersonationCookie(open.tenant)];
    if (body.answer === 'cancel') return withCookies(await declined(services, open), cookies);
    const { userId, proven } = open.attempt;
    const moved = await services.db.transaction(async (tx) => {
      const spent = await redeemImpersonation(services, tx, open.tenant, userId ?? '', request);
      if (!spent) return null;
      return learn(tx, open, { proven: { ...proven, impersonation: services.now().getTime() } });
    });
    return withCookies(moved ? await advance(services, moved) : await over(services, open), cookies);
  },
  (open) => page(open),
);

async function declined(services: Services, { attempt: { request }, client }: OpenAttempt): Promise<Reply> {
  const { destination } = request;
  if (destination.kind !== 'app') throw new Error('Impersonation begins at an app.');
  await acceptRedirect(services, client, destination.redirectUri);
  const answer = {
    error: 'access_denied',
    error_description: `The operator did not continue to ${client.applicationName}.`,
  };
  return reply.redirect(answerUrl(destination.redirectUri, answer, destination.state), { status: 303 });
}

/** A form sent twice goes where the first one led; otherwise the token was used, or is over. */
async function over(services: Services, open: OpenAttempt): Promise<Reply> {
  const next = await catchUp(services, open);
  if (!next.headers.location?.startsWith('/sign-in')) return next;
  throw new ImpersonationOver({
    heading: 'impersonation.overHeading',
    message: 'impersonation.overMessage',
    advice: 'impersonation.overAdvice',
    restart: { label: 'impersonation.openDashboard', url: '/dashboard/users' },
    clientId: open.client.clientId,
  });
}

export const impersonateRoutes: readonly Route[] = [show, submit];
