import { z } from 'zod';
import type { Refusal } from '../authentication/index.ts';
import type { Reply, Route, Services } from '../core/index.ts';
import { advance, catchUp } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text, withRetryAfter } from './form.ts';
import { goTo } from './go-to.ts';
import { type CodeState, type Problem, verifyEmailPage } from './pages/index.ts';
import { hasMovedOn, proveEmail } from './prove-email.ts';
import { resendCode, waitOf } from './resend-code.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
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
const isDue = waitsFor('verify_email');

const show = pageRoute(
  {
    operationId: 'showVerifyEmail',
    path: '/verify-email',
    summary: 'The page that asks for the code from the mail',
    isDue,
    query: { sent: z.string().max(8).optional() },
  },
  (open, services, query) => page(services, open, { kind: query.sent === 'again' ? 'resent' : 'waiting' }),
);

const submit = formRoute(
  {
    operationId: 'submitVerifyEmail',
    path: '/verify-email',
    summary: 'Prove the inbox',
    isDue,
    step: 'verify_email',
    body: { code: text },
  },
  async (open, services, { body, request }) => {
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return page(services, open, { kind: 'incomplete' }, 422);
    const moved = await proveEmail(services, open, code, request);
    if ('attempt' in moved) return advance(services, moved);
    return refused(services, open, moved);
  },
  (open, problem, services) => page(services, open, { kind: 'waiting' }, 429, problem),
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

const resend = formRoute(
  {
    operationId: 'resendVerifyEmail',
    path: '/verify-email/resend',
    summary: 'Mail a new code',
    isDue,
    step: 'resend',
    body: {},
  },
  async (open, services) => {
    const waitSeconds = waitOf(services, open);
    if (waitSeconds > 0) {
      const problem = { message: 'codes.onItsWay', waitSeconds } as const;
      return withRetryAfter(page(services, open, { kind: 'waiting' }, 429, problem), waitSeconds);
    }
    const sent = await resendCode(services, open);
    return goTo('/verify-email', sent.attempt, { sent: 'again' });
  },
  (open, problem, services) => page(services, open, { kind: 'waiting' }, 429, problem),
);

export const verifyEmailRoutes: readonly Route[] = [show, submit, resend];
