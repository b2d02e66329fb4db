import type { Refusal } from '../authentication/index.ts';
import type { Reply, Route, Services } from '../core/index.ts';
import { advance, catchUp, stepOf } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text, withRetryAfter } from './form.ts';
import { goTo } from './go-to.ts';
import { mailMagicCode, offersMagicCode, proveMagicCode } from './magic-code.ts';
import { welcome } from './newcomer.ts';
import { askForCodePage, type CodeState, type Problem, verifyEmailPage } from './pages/index.ts';
import { hasMovedOn } from './prove-email.ts';
import { waitOf } from './resend-code.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { attemptPage, formOf, linkTo } from './view.ts';

interface Shown {
  readonly state?: CodeState;
  readonly problem?: Problem | null;
  readonly status?: number;
}

function page(services: Services, open: OpenAttempt, { state, problem = null, status = 200 }: Shown = {}): Reply {
  const { attempt, client } = open;
  const email = attempt.email ?? '';
  const changeUrl = linkTo('/sign-in', attempt);
  const passwordUrl = client.environment.settings.passwordSignIn ? linkTo('/sign-in/password', attempt) : null;
  const resend = { ...formOf(open, '/sign-in/code/send', 'send_code'), waitSeconds: waitOf(services, open) };
  return attemptPage(
    open,
    (view) =>
      attempt.codeSentAt === null
        ? askForCodePage({ ...view, ...resend, email, changeUrl, passwordUrl, problem })
        : verifyEmailPage({
            ...view,
            ...formOf(open, '/sign-in/code', 'magic_code'),
            email,
            changeUrl,
            passwordUrl,
            resend,
            problem,
            state: state ?? { kind: 'waiting' },
          }),
    { status },
  );
}

/** Whether a code by mail is a way on from here. */
const mayUseCode = async (services: Services, open: OpenAttempt): Promise<boolean> =>
  offersMagicCode(open) && (await stepOf(services, open)) === 'prove';

const show = pageRoute(
  {
    operationId: 'showMagicCode',
    path: '/sign-in/code',
    summary: 'The page that asks for the code that signs in',
    isDue: mayUseCode,
    query: { sent: text },
  },
  (open, services, query) => page(services, open, { state: { kind: query.sent === 'again' ? 'resent' : 'waiting' } }),
);

const send = formRoute(
  {
    operationId: 'sendMagicCode',
    path: '/sign-in/code/send',
    summary: 'Mail a code that signs in',
    step: 'send_code',
    body: {},
  },
  async (open, services) => {
    if (open.attempt.email === null || !offersMagicCode(open)) return goTo('/sign-in', open.attempt);
    const waitSeconds = waitOf(services, open);
    const isAgain = open.attempt.codeSentAt !== null;
    if (waitSeconds > 0) {
      const problem = { message: 'codes.onItsWay', waitSeconds } as const;
      return withRetryAfter(page(services, open, { problem, status: 429 }), waitSeconds);
    }
    const sent = await mailMagicCode(services, open);
    if (!sent) return catchUp(services, open);
    return goTo('/sign-in/code', sent.attempt, isAgain ? { sent: 'again' } : {});
  },
  (open, problem, services) => page(services, open, { problem, status: 429 }),
);

const submit = formRoute(
  {
    operationId: 'submitMagicCode',
    path: '/sign-in/code',
    summary: 'Sign in with the code from the mail',
    isDue: mayUseCode,
    step: 'magic_code',
    body: { code: text },
  },
  async (open, services, { body, request }) => {
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return page(services, open, { state: { kind: 'incomplete' }, status: 422 });
    const moved = await proveMagicCode(services, open, code, request);
    if (!('attempt' in moved)) return refused(services, open, moved);
    return advance(services, await welcome(services, moved, request));
  },
  (open, problem, services) => page(services, open, { problem, status: 429 }),
);

async function refused(services: Services, open: OpenAttempt, refusal: Refusal): Promise<Reply> {
  switch (refusal.outcome) {
    case 'wrong':
      return page(services, open, { state: { kind: 'wrong', triesLeft: refusal.triesLeft }, status: 422 });
    case 'expired':
      return page(services, open, { state: { kind: 'expired' }, status: 422 });
    case 'exhausted':
      return page(services, open, { state: { kind: 'too_many_tries' }, status: 422 });
    case 'used':
      // The same form a moment ago, most likely; then the attempt has moved on and this one follows it.
      if (await hasMovedOn(services, open)) return catchUp(services, open);
      return page(services, open, { state: { kind: 'expired' }, status: 422 });
  }
}

export const magicCodeRoutes: readonly Route[] = [show, send, submit];
