import { anyone, type Reply, type Route, route, type Services } from '../core/index.ts';
import { proposeTotp, qrCodeMarkup, recoveryCodesOf } from '../mfa/index.ts';
import type { Say } from '../texts/index.ts';
import { findUser } from '../users/index.ts';
import { advance, catchUp, learn, stepOf } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { follow, unlessLocked } from './mfa.routes.ts';
import { mfaEnrollPage, type Problem, recoveryCodesPage } from './pages/index.ts';
import { occasionOf, proveEnrolment } from './prove-second-factor.ts';
import { attemptPage, formOf } from './view.ts';

interface Shown {
  readonly error?: Say;
  readonly problem?: Problem;
  readonly status?: number;
}

/** The same key and picture each time the page is opened in this attempt. */
async function enrollPage(
  services: Services,
  open: OpenAttempt,
  { error, problem, status = 200 }: Shown = {},
): Promise<Reply> {
  const { attempt, tenant } = open;
  const user = attempt.userId === null ? null : await findUser(services.db, tenant, attempt.userId);
  if (!user) return goTo('/sign-in', attempt);
  const { secret, uri } = await proposeTotp(services, services.db, tenant, user, occasionOf(open));
  return attemptPage(
    open,
    (view) =>
      mfaEnrollPage({
        ...view,
        ...formOf(open, '/mfa/enroll', 'enroll_mfa'),
        secret: secret.reveal(),
        uri,
        qrCode: (label) => qrCodeMarkup(uri, label),
        ...(error && { errors: { code: error } }),
        problem: problem ?? null,
      }),
    { status },
  );
}

const showEnroll = route(
  {
    operationId: 'showMfaEnroll',
    method: 'GET',
    path: '/mfa/enroll',
    summary: 'The page that sets up an authenticator app',
    auth: anyone('people sign in here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    const isDue = (await stepOf(services, open)) === 'enroll_mfa';
    return isDue ? enrollPage(services, open) : goTo('/sign-in', open.attempt);
  },
);

const submitEnroll = route(
  {
    operationId: 'submitMfaEnroll',
    method: 'POST',
    path: '/mfa/enroll',
    summary: 'Show that the authenticator app works',
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
      'enroll_mfa',
      async (open) => {
        if ((await stepOf(services, open)) !== 'enroll_mfa') return advance(services, open);
        const page = (shown: Shown) => enrollPage(services, open, shown);
        const code = form.body.code.replace(/[\s-]/g, '');
        if (!/^\d{6}$/.test(code)) return page({ error: 'mfa.incomplete', status: 422 });
        return unlessLocked(
          async () => {
            const proof = await proveEnrolment(services, open, code, form.request);
            return follow(services, open, proof, (_open, shown) => page(shown), 'mfa.wrong');
          },
          (problem) => page({ problem, status: 429 }),
        );
      },
      (open, problem) => enrollPage(services, open, { problem, status: 429 }),
    ),
);

/** The codes of this attempt; they were put into force with the step before. */
function codesPage(services: Services, open: OpenAttempt): Reply {
  const { attempt, tenant } = open;
  const codes = recoveryCodesOf(services, tenant, attempt.userId ?? '', attempt.id);
  return attemptPage(open, (view) =>
    recoveryCodesPage({
      ...view,
      ...formOf(open, '/mfa/recovery-codes', 'recovery_codes'),
      codes: codes.map((code) => code.reveal()),
      isReplacement: attempt.proven.recoveryCode !== undefined,
    }),
  );
}

const showCodes = route(
  {
    operationId: 'showRecoveryCodes',
    method: 'GET',
    path: '/mfa/recovery-codes',
    summary: 'The page that shows new recovery codes, once',
    auth: anyone('people sign in here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    const isDue = (await stepOf(services, open)) === 'recovery_codes';
    return isDue ? codesPage(services, open) : goTo('/sign-in', open.attempt);
  },
);

const submitCodes = route(
  {
    operationId: 'submitRecoveryCodes',
    method: 'POST',
    path: '/mfa/recovery-codes',
    summary: 'Say that the recovery codes are saved',
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
      'recovery_codes',
      async (open) => {
        if ((await stepOf(services, open)) !== 'recovery_codes') return advance(services, open);
        const { recoveryCodesDue: _, ...answers } = open.attempt.answers;
        const moved = await learn(services.db, open, { answers });
        return moved ? advance(services, moved) : catchUp(services, open);
      },
      (open) => codesPage(services, open),
    ),
);

export const mfaEnrollRoutes: readonly Route[] = [showEnroll, submitEnroll, showCodes, submitCodes];
