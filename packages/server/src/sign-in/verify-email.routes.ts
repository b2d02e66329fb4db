import { z } from 'zod';
import { confirmEmail, type Refusal, tryLimit } from '../authentication/index.ts';
import {
  anyone,
  type Db,
  type Reply,
  type RequestInfo,
  type Route,
  route,
  type Services,
  seconds,
} from '../core/index.ts';
import { changeUser } from '../users/index.ts';
import { advance, catchUp, learn, mailCode, stepOf } from './advance.ts';
import type { SignUp } from './attempt.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text, withRetryAfter } from './form.ts';
import { goTo } from './go-to.ts';
import { type CodeState, type Problem, verifyEmailPage } from './pages/index.ts';
import { findAttempt } from './store.ts';
import { attemptPage, formOf, linkTo, mayShowSignUp } from './view.ts';

/** Between two mails to one address from one page. */
const resendAfterMs = seconds(30);

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
        changeUrl: linkTo(attempt.signUp && mayShowSignUp(open) ? '/sign-up' : '/sign-in', attempt),
        problem,
      }),
    { status },
  );
}

function waitOf({ now }: Services, { attempt }: OpenAttempt): number {
  if (!attempt.codeSentAt) return 0;
  return Math.max(0, Math.ceil((attempt.codeSentAt.getTime() + resendAfterMs - now().getTime()) / 1000));
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
        const moved =
          open.attempt.signUp?.kind === 'decoy'
            ? await pretend(services, open)
            : await prove(services, open, code, form.request);
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
    case 'used': {
      // The same form a moment ago, most likely; then the attempt has moved on and this one follows it.
      const row = await findAttempt(services.db, open.attempt.id);
      if (row && row.version !== open.attempt.version) return catchUp(services, open);
      return page(services, open, { kind: 'expired' }, 422);
    }
  }
}

/** Spends the code and writes down what it proves, in one transaction. */
function prove(
  services: Services,
  open: OpenAttempt,
  code: string,
  { ip, userAgent }: RequestInfo,
): Promise<OpenAttempt | Refusal> {
  const { attempt, tenant } = open;
  return services.db.transaction(async (tx) => {
    const { userId: id, email } = attempt;
    if (id === null || email === null) return { outcome: 'expired' };
    const confirmed = await confirmEmail(services, tenant, tx, { user: { id, email }, code, ipAddress: ip, userAgent });
    if (confirmed.outcome !== 'verified') return confirmed;
    const learned = { proven: { ...attempt.proven, emailCode: services.now().getTime() }, signUp: null };
    const moved = await learn(tx, open, learned);
    if (!moved) return { outcome: 'used' };
    if (attempt.signUp?.kind !== 'unverified') return moved;
    await takeOver(services, tx, open, id, attempt.signUp);
    // Every open sign-in of this account has just forgotten its proofs. This one was here to give new ones.
    const forgotten = { ...moved, attempt: { ...moved.attempt, version: moved.attempt.version + 1 } };
    return (await learn(tx, forgotten, learned)) ?? { outcome: 'used' };
  });
}

/**
 * The inbox is theirs. An account that somebody had made with this address before, without ever proving it, loses the
 * password, sessions and half-finished sign-ins it had: they may be another person's.
 */
async function takeOver(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  userId: string,
  signUp: Extract<SignUp, { kind: 'unverified' }>,
): Promise<void> {
  const names = {
    ...(signUp.firstName && { first_name: signUp.firstName }),
    ...(signUp.lastName && { last_name: signUp.lastName }),
  };
  await changeUser(services, tenant, tx, userId, names, signUp.passwordHash);
}

/** There is no code, and no digits are right; the page behaves as if there were. */
async function pretend(services: Services, open: OpenAttempt): Promise<Refusal> {
  const tries = open.attempt.signUp?.kind === 'decoy' ? open.attempt.signUp.tries + 1 : 1;
  const moved = tries <= tryLimit && (await learn(services.db, open, { signUp: { kind: 'decoy', tries } }));
  return moved && tries < tryLimit ? { outcome: 'wrong', triesLeft: tryLimit - tries } : { outcome: 'exhausted' };
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
          const problem = { message: 'A code is on its way already.', waitSeconds };
          return withRetryAfter(page(services, open, { kind: 'waiting' }, 429, problem), waitSeconds);
        }
        // A decoy's new code has new tries, like any other.
        const fresh =
          open.attempt.signUp?.kind === 'decoy'
            ? await learn(services.db, open, { signUp: { kind: 'decoy', tries: 0 } })
            : open;
        const sent = await mailCode(services, fresh ?? open);
        return goTo('/verify-email', sent.attempt, { sent: 'again' });
      },
      (open, problem) => page(services, open, { kind: 'waiting' }, 429, problem),
    ),
);

export const verifyEmailRoutes: readonly Route[] = [show, submit, resend];
