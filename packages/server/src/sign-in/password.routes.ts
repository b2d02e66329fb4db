import { anyone, type Db, type Reply, type RequestInfo, type Route, route, type Services } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { findUserByEmail, normalizeEmail, verifyPassword } from '../users/index.ts';
import { advance, catchUp, learn } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { countPassword } from './limits.ts';
import { type PasswordView, passwordPage, texts } from './pages/index.ts';
import { attemptPage, formOf, linkTo, mayShowSignUp } from './view.ts';

function page(
  open: OpenAttempt,
  email: string,
  shown: Pick<PasswordView, 'errors' | 'problem'> = {},
  status = 200,
): Reply {
  const { attempt } = open;
  return attemptPage(
    open,
    (view) =>
      passwordPage({
        ...view,
        ...formOf(open, '/sign-in/password', 'password'),
        email,
        changeUrl: linkTo('/sign-in', attempt),
        signUpUrl: mayShowSignUp(open) ? linkTo('/sign-up', attempt) : null,
        ...shown,
      }),
    { status },
  );
}

const show = route(
  {
    operationId: 'showPassword',
    method: 'GET',
    path: '/sign-in/password',
    summary: 'The page that asks for the password',
    auth: anyone('people sign in here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return open.attempt.email === null ? goTo('/sign-in', open.attempt) : page(open, open.attempt.email);
  },
);

const submit = route(
  {
    operationId: 'submitPassword',
    method: 'POST',
    path: '/sign-in/password',
    summary: 'Prove the password',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ email: text, password: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) => {
    const { email: shown, password } = form.body;
    return answerForm(
      services,
      form,
      'password',
      (open) => {
        const { email } = open.attempt;
        // A page of an earlier address, left open in another tab: what it was filled in for is not what would count.
        if (email === null || (shown !== '' && normalizeEmail(shown) !== email))
          return Promise.resolve(goTo('/sign-in', open.attempt));
        return prove(services, open, email, password, form.request);
      },
      (open, problem) => page(open, open.attempt.email ?? shown, { problem }, 429),
    );
  },
);

async function prove(
  services: Services,
  open: OpenAttempt,
  email: string,
  password: string,
  request: RequestInfo,
): Promise<Reply> {
  if (password === '') return page(open, email, { errors: { password: texts.passwordMissing } }, 422);
  await countPassword(services, open, email);
  const { db, now } = services;
  const user = await findUserByEmail(db, open.tenant, email);
  // Unknown addresses cost a hash too, so that the time tells nothing.
  const isRight = await verifyPassword(services, open.tenant, user?.id ?? null, password);
  if (!user || !isRight) {
    await db.transaction((tx) =>
      record(services, tx, open, request, { status: 'failed', userId: user?.id ?? null, email }),
    );
    return page(open, email, { errors: { password: texts.wrongCredentials } }, 401);
  }
  const moved = await db.transaction(async (tx) => {
    const learned = await learn(tx, open, {
      userId: user.id,
      proven: { password: now().getTime() },
      signUp: null,
      codeSentAt: null,
    });
    if (learned) await record(services, tx, open, request, { status: 'succeeded', userId: user.id, email });
    return learned;
  });
  return moved ? advance(services, moved) : catchUp(services, open);
}

interface Outcome {
  readonly status: 'succeeded' | 'failed';
  readonly userId: string | null;
  readonly email: string;
}

function record(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  request: RequestInfo,
  { status, userId, email }: Outcome,
): Promise<void> {
  return recordEvent(services, tx, tenant, {
    name: `authentication.password_${status}`,
    data: {
      type: 'password',
      status,
      ip_address: request.ip,
      user_agent: request.userAgent,
      user_id: userId,
      email,
      ...(status === 'failed'
        ? { error: { code: 'invalid_credentials', message: 'The email or the password is not right.' } }
        : {}),
    },
    userId,
  });
}

export const passwordRoutes: readonly Route[] = [show, submit];
