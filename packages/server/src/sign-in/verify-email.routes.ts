import { z } from 'zod';
import type { Refusal } from '../authentication/index.ts';
import { anyone, type Reply, type Route, route, type Services } from '../core/index.ts';
import { advance, catchUp, stepOf } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text, withRetryAfter } from './form.ts';
import { goTo } from './go-to.ts';
import { type CodeState, type Problem, verifyEmailPage } from './pages/index.ts';
import { hasMovedOn, proveEmail } from './prove-email.ts';
import { resendCode, waitOf } from './resend-code.ts';
import { signUpDoor } from './sign-up-door.ts';
import { attemptPage, formOf, linkTo } from './view.ts';

function page(
  services: Services,
  open: OpenAttempt,
  state: CodeState,
  status = 200,
  problem: Problem | null = null,
): Reply {
  const { attempt } = open;
  return attemptPage(
    open,
    (view) =>
      verifyEmailPage({
        ...view,
        ...formOf(open, '/verify-email', 'verify_email'),
        email: attempt.email ?? '',
        state,
        resend: { ...formOf(open, '/verify-email/resend', 'resend'), waitSeconds: waitOf(services, open) },
        changeUrl: linkTo(attempt.signUp && signUpDoor(open) === 'open' ? '/sign-up' : '/sign-in', attempt),
        problem,
      }),
    { status },
  );
}

/** Whether the code is what this attempt waits for. */
const waitsForCode = async (services: Services, open: OpenAttempt): Promise<boolean> =>
  (await stepOf(services, open)) === 'verify_email';

const show = route(
  {
    operationId: 'showVerifyEmail',
    method: 'GET',
    path: '/verify-email',
    summary: 'The page that asks for the code from the mail',
    auth: anyone('people sign in here'),
    query: attemptQuery.extend({ sent: z.string().max(8).optional() }),
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    // Reading an address changes nothing: what is not due is shown where the sign-in stands, and completed by its form.
    if (!(await waitsForCode(services, open))) return goTo('/sign-in', open.attempt);
    return page(services, open, { kind: query.sent === 'again' ? 'resent' : 'waiting' });
  },
);

const submit = route(
  {
    operationId: 'submitVerifyEmail',
    method: 'POST',
    path: '/verify-email',
    summary: 'Prove the inbox',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ code: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'verify_email',
      async (open) => {
        if (!(await waitsForCode(services, open))) return advance(services, open);
        const code = form.body.code.replace(/[\s-]/g, '');
        if (!/^\d{6}$/.test(code)) return page(services, open, { kind: 'incomplete' }, 422);
        const moved = await proveEmail(services, open, code, form.request);
        if ('attempt' in moved) return advance(services, moved);
        return refused(services, open, moved);
      },
      (open, problem) => page(services, open, { kind: 'waiting' }, 429, problem),
    ),
);

async function refused(services: Services, open: OpenAttempt, refusal: Refusal): Promise<Reply> {
  switch (refusal.outcome) {
    case 'wrong':
      return page(services, open, { kind: 'wrong', triesLeft: refusal.triesLeft }, 422);
    case 'expired':
      return page(services, open, { kind: 'expired' }, 422);
    case 'exhausted':
      return page(services, open, { kind: 'too_many_tries' }, 422);
    case 'used':
      // The same form a moment ago, most likely; then the attempt has moved on and this one follows it.
      if (await hasMovedOn(services, open)) return catchUp(services, open);
      return page(services, open, { kind: 'expired' }, 422);
  }
}

const resend = route(
  {
    operationId: 'resendVerifyEmail',
    method: 'POST',
    path: '/verify-email/resend',
    summary: 'Mail a new code',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({}),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'resend',
      async (open) => {
        if (!(await waitsForCode(services, open))) return advance(services, open);
        const waitSeconds = waitOf(services, open);
        if (waitSeconds > 0) {
          const problem = { message: 'codes.onItsWay', waitSeconds } as const;
          return withRetryAfter(page(services, open, { kind: 'waiting' }, 429, problem), waitSeconds);
        }
        const sent = await resendCode(services, open);
        return goTo('/verify-email', sent.attempt, { sent: 'again' });
      },
      (open, problem) => page(services, open, { kind: 'waiting' }, 429, problem),
    ),
);

export const verifyEmailRoutes: readonly Route[] = [show, submit, resend];
