import { anyone, type Reply, type Route, reply, route, type Services, withCookies } from '../core/index.ts';
import { clearedImpersonationCookie, redeemImpersonation } from '../impersonation/index.ts';
import { impersonationMinutes } from '../sessions/index.ts';
import { advance, catchUp, learn, stepOf } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { ImpersonationOver, signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { impersonatePage } from './pages/index.ts';
import { answerUrl } from './request.ts';
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

const show = route(
  {
    operationId: 'showImpersonate',
    method: 'GET',
    path: '/impersonate',
    summary: 'The last question before an operator acts as a user',
    auth: anyone('shown to the browser that holds the operator’s token'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return (await stepOf(services, open)) === 'impersonate' ? page(open) : goTo('/sign-in', open.attempt);
  },
);

const submit = route(
  {
    operationId: 'submitImpersonate',
    method: 'POST',
    path: '/impersonate',
    summary: 'Act as a user, or do not',
    auth: anyone('the operator’s token is the credential, and the form proves its browser'),
    query: attemptQuery,
    body: formBody({ answer: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'impersonate',
      async (open) => {
        if ((await stepOf(services, open)) !== 'impersonate') return advance(services, open);
        const cookies = [clearedImpersonationCookie(open.tenant)];
        if (form.body.answer === 'cancel') return withCookies(declined(open), cookies);
        const { userId, proven } = open.attempt;
        const moved = await services.db.transaction(async (tx) => {
          const spent = await redeemImpersonation(services, tx, open.tenant, userId ?? '', form.request);
          if (!spent) return null;
          return learn(tx, open, { proven: { ...proven, impersonation: services.now().getTime() } });
        });
        return withCookies(moved ? await advance(services, moved) : await over(services, open), cookies);
      },
      (open) => page(open),
    ),
);

function declined({ attempt: { request }, client }: OpenAttempt): Reply {
  const { destination } = request;
  if (destination.kind !== 'app') throw new Error('Impersonation begins at an app.');
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
