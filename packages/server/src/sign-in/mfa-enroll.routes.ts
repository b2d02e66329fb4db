import type { Reply, Route, Services } from '../core/index.ts';
import { proposeTotp, qrCodeMarkup, recoveryCodesOf } from '../mfa/index.ts';
import type { Say } from '../texts/index.ts';
import { findUser } from '../users/index.ts';
import { advance, catchUp, learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { follow, unlessLocked } from './mfa.routes.ts';
import { mfaEnrollPage, type Problem, recoveryCodesPage } from './pages/index.ts';
import { occasionOf, proveEnrolment } from './prove-second-factor.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
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

const showEnroll = pageRoute(
  {
    operationId: 'showMfaEnroll',
    path: '/mfa/enroll',
    summary: 'The page that sets up an authenticator app',
    isDue: waitsFor('enroll_mfa'),
  },
  (open, services) => enrollPage(services, open),
);

const submitEnroll = formRoute(
  {
    operationId: 'submitMfaEnroll',
    path: '/mfa/enroll',
    summary: 'Show that the authenticator app works',
    isDue: waitsFor('enroll_mfa'),
    step: 'enroll_mfa',
    body: { code: text },
  },
  async (open, services, { body, request }) => {
    const page = (shown: Shown) => enrollPage(services, open, shown);
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return page({ error: 'mfa.incomplete', status: 422 });
    return unlessLocked(
      async () => {
        const proof = await proveEnrolment(services, open, code, request);
        return follow(services, open, proof, (_open, shown) => page(shown), 'mfa.wrong');
      },
      (problem) => page({ problem, status: 429 }),
    );
  },
  (open, problem, services) => enrollPage(services, open, { problem, status: 429 }),
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

const showCodes = pageRoute(
  {
    operationId: 'showRecoveryCodes',
    path: '/mfa/recovery-codes',
    summary: 'The page that shows new recovery codes, once',
    isDue: waitsFor('recovery_codes'),
  },
  (open, services) => codesPage(services, open),
);

const submitCodes = formRoute(
  {
    operationId: 'submitRecoveryCodes',
    path: '/mfa/recovery-codes',
    summary: 'Say that the recovery codes are saved',
    isDue: waitsFor('recovery_codes'),
    step: 'recovery_codes',
    body: {},
  },
  async (open, services) => {
    const { recoveryCodesDue: _, ...answers } = open.attempt.answers;
    const moved = await learn(services.db, open, { answers });
    return moved ? advance(services, moved) : catchUp(services, open);
  },
  (open, _problem, services) => codesPage(services, open),
);

export const mfaEnrollRoutes: readonly Route[] = [showEnroll, submitEnroll, showCodes, submitCodes];
