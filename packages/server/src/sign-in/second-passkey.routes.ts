import { type Reply, type Route, reply } from '../core/index.ts';
import { startAuthentication } from '../passkeys/index.ts';
import { advance, catchUp, stepOf } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { type Problem, secondPasskeyPage } from './pages/index.ts';
import { credentialField, questionRoute } from './passkey.routes.ts';
import { hasMovedOn } from './prove-email.ts';
import { proveSecondPasskey } from './prove-passkey.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
import { attemptPage, formOf } from './view.ts';

const path = '/mfa/passkey';

const page = (open: OpenAttempt, problem: Problem | null = null, status = 200): Reply =>
  attemptPage(
    open,
    (view) =>
      secondPasskeyPage({
        ...view,
        ...formOf(open, path, 'mfa_passkey'),
        optionsUrl: `${path}/options?attempt=${open.attempt.id}`,
        problem,
      }),
    { status },
  );

const isDue = waitsFor('prove_passkey');

const show = pageRoute(
  {
    operationId: 'showMfaPasskey',
    path,
    summary: 'The page that asks for a passkey besides the first proof',
    isDue,
  },
  (open) => page(open),
);

const ask = questionRoute(
  {
    operationId: 'askForSecondPasskey',
    path: `${path}/options`,
    summary: 'What a browser is asked to sign with a passkey of the person who is signing in',
  },
  async (open, services) => {
    if ((await stepOf(services, open)) !== 'prove_passkey') return advance(services, open);
    const { id: holder, userId } = open.attempt;
    return reply.json(await startAuthentication(services, open.tenant, { holder, userId }));
  },
);

const submit = formRoute(
  {
    operationId: 'submitMfaPasskey',
    path,
    summary: 'Prove a passkey besides the first proof',
    isDue,
    step: 'mfa_passkey',
    body: { credential: credentialField },
  },
  async (open, services, { body, request }) => {
    const proof = await proveSecondPasskey(services, open, body.credential, request);
    if (proof === 'wrong' && !(await hasMovedOn(services, open))) {
      return page(open, { message: 'passkeys.failed' }, 401);
    }
    return typeof proof === 'string' ? catchUp(services, open) : advance(services, proof);
  },
  (open, problem) => page(open, problem, 429),
);

export const secondPasskeyRoutes: readonly Route[] = [show, ask, submit];
