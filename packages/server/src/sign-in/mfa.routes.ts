import type { Reply, Route, Services } from '../core/index.ts';
import { TriedTooOften } from '../lockout/index.ts';
import type { Say } from '../texts/index.ts';
import { advance, catchUp } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text, withRetryAfter } from './form.ts';
import { mfaLostPage, mfaPage, mfaRecoveryPage, type Problem } from './pages/index.ts';
import { hasMovedOn } from './prove-email.ts';
import { proveRecoveryCode, proveTotp, type SecondProof } from './prove-second-factor.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
import { attemptPage, formOf, linkTo } from './view.ts';

interface Shown {
  readonly error?: Say;
  readonly problem?: Problem;
  readonly status?: number;
}

function codePage(open: OpenAttempt, { error, problem, status = 200 }: Shown = {}): Reply {
  return attemptPage(
    open,
    (view) =>
      mfaPage({
        ...view,
        ...formOf(open, '/mfa', 'mfa'),
        ...(error && { errors: { code: error } }),
        problem: problem ?? null,
        recoveryUrl: linkTo('/mfa/recovery', open.attempt),
        lostUrl: linkTo('/mfa/lost', open.attempt),
      }),
    { status },
  );
}

function recoveryPage(open: OpenAttempt, { error, problem, status = 200 }: Shown = {}): Reply {
  return attemptPage(
    open,
    (view) =>
      mfaRecoveryPage({
        ...view,
        ...formOf(open, '/mfa/recovery', 'mfa_recovery'),
        ...(error && { errors: { recovery_code: error } }),
        problem: problem ?? null,
        appUrl: linkTo('/mfa', open.attempt),
        lostUrl: linkTo('/mfa/lost', open.attempt),
      }),
    { status },
  );
}

const lostPage = (open: OpenAttempt): Reply =>
  attemptPage(open, (view) =>
    mfaLostPage({
      ...view,
      here: linkTo('/mfa/lost', open.attempt),
      appUrl: linkTo('/mfa', open.attempt),
      recoveryUrl: linkTo('/mfa/recovery', open.attempt),
    }),
  );

/** Whether a second factor is what this attempt waits for. */
const isDue = waitsFor('mfa');

/** A page that changes nothing, where its step is due. */
const shown = (
  operationId: string,
  path: '/mfa' | '/mfa/recovery' | '/mfa/lost',
  summary: string,
  page: (open: OpenAttempt) => Reply,
): Route =>
  pageRoute(
    {
      operationId,
      path,
      summary,
      isDue,
    },
    (open) => page(open),
  );

const submit = formRoute(
  {
    operationId: 'submitMfa',
    path: '/mfa',
    summary: 'Prove the second factor with a code of the app',
    isDue,
    step: 'mfa',
    body: { code: text },
  },
  async (open, services, { body, request }) => {
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return codePage(open, { error: 'mfa.incomplete', status: 422 });
    return unlessLocked(
      async () => follow(services, open, await proveTotp(services, open, code, request), codePage, 'mfa.wrong'),
      (problem) => codePage(open, { problem, status: 429 }),
    );
  },
  (open, problem) => codePage(open, { problem, status: 429 }),
);

const submitRecovery = formRoute(
  {
    operationId: 'submitMfaRecovery',
    path: '/mfa/recovery',
    summary: 'Prove the second factor with a recovery code',
    isDue,
    step: 'mfa_recovery',
    body: { recovery_code: text },
  },
  async (open, services, { body, request }) => {
    const code = body.recovery_code;
    if (code.trim() === '') return recoveryPage(open, { error: 'mfa.recoveryMissing', status: 422 });
    return unlessLocked(
      async () => {
        const proof = await proveRecoveryCode(services, open, code, request);
        return follow(services, open, proof, recoveryPage, 'mfa.recoveryWrong');
      },
      (problem) => recoveryPage(open, { problem, status: 429 }),
    );
  },
  (open, problem) => recoveryPage(open, { problem, status: 429 }),
);

/** Where a proof leads. What was accepted a moment ago, by the same form sent twice, leads where that one did. */
export async function follow(
  services: Services,
  open: OpenAttempt,
  proof: SecondProof,
  page: (open: OpenAttempt, shown: Shown) => Reply | Promise<Reply>,
  wrong: Say,
): Promise<Reply> {
  switch (proof.outcome) {
    case 'proved':
      return advance(services, proof.open);
    case 'overtaken':
      return catchUp(services, open);
    case 'wrong':
    case 'used':
      if (await hasMovedOn(services, open)) return catchUp(services, open);
      return page(open, { error: proof.outcome === 'used' ? 'mfa.used' : wrong, status: 422 });
  }
}

/** After a hundred failures in a row waiting does not help, so the page says what does. */
export async function unlessLocked(
  answer: () => Promise<Reply>,
  page: (problem: Problem) => Reply | Promise<Reply>,
): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof TriedTooOften && error.isLocked)) throw error;
    return withRetryAfter(await page({ message: 'mfa.locked' }), error.retryAfterSeconds);
  }
}

export const mfaRoutes: readonly Route[] = [
  shown('showMfa', '/mfa', 'The page that asks for a code of the authenticator app', codePage),
  submit,
  shown('showMfaRecovery', '/mfa/recovery', 'The page that asks for a recovery code', recoveryPage),
  submitRecovery,
  shown('showMfaLost', '/mfa/lost', 'What to do without the device', lostPage),
];
