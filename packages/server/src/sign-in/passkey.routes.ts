import { z } from 'zod';
import { anyone, type Route, reply, route } from '../core/index.ts';
import { maxCredentialLength, startAuthentication } from '../passkeys/index.ts';
import { advance, catchUp } from './advance.ts';
import { assertOwnForm, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody } from './form.ts';
import { goTo } from './go-to.ts';
import { identifyPage } from './identify.routes.ts';
import { countQuestion } from './limits.ts';
import { hasMovedOn } from './prove-email.ts';
import { provePasskey } from './prove-passkey.ts';

/** For the browser's `navigator.credentials`: options as JSON (WebAuthn level 3 section 5.1.9). */
export const Question = z.looseObject({ challenge: z.string() });

/** What the script put into the form. Empty without script. */
export const credentialField = z.string().max(maxCredentialLength).default('');

const ask = route(
  {
    operationId: 'askForPasskey',
    method: 'POST',
    path: '/sign-in/passkey/options',
    summary: 'What a browser is asked to sign with a passkey',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({}),
    returns: { status: 200, body: Question },
    errors: signInErrors,
    page: true,
    form: true,
  },
  async ({ query, body, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    assertOwnForm(services, open, body.csrf, request);
    if (!open.client.environment.settings.passkeySignIn) return advance(services, open);
    await countQuestion(services, open, request);
    return reply.json(await startAuthentication(services, open.tenant, { holder: open.attempt.id, userId: null }));
  },
);

const submit = route(
  {
    operationId: 'submitPasskey',
    method: 'POST',
    path: '/sign-in/passkey',
    summary: 'Prove a passkey',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ credential: credentialField }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'passkey',
      async (open) => {
        if (!open.client.environment.settings.passkeySignIn) return goTo('/sign-in', open.attempt);
        const proof = await provePasskey(services, open, form.body.credential, form.request);
        if (proof === 'wrong' && !(await hasMovedOn(services, open)))
          return identifyPage(services, open, { problem: { message: 'passkeys.failed' } }, 401);
        return typeof proof === 'string' ? catchUp(services, open) : advance(services, proof);
      },
      (open, problem) => identifyPage(services, open, { problem }, 429),
    ),
);

export const passkeyRoutes: readonly Route[] = [ask, submit];
