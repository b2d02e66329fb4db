import { z } from 'zod';
import { anyone, type Reply, type Route, reply, route, type Services } from '../core/index.ts';
import { maxCredentialLength, startAuthentication } from '../passkeys/index.ts';
import { advance, catchUp } from './advance.ts';
import { assertOwnForm, type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { attemptQuery, formBody } from './form.ts';
import { goTo } from './go-to.ts';
import { identifyPage } from './identify.routes.ts';
import { hasMovedOn } from './prove-email.ts';
import { provePasskey } from './prove-passkey.ts';
import { formRoute } from './routes-of.ts';

/** For the browser's `navigator.credentials`: options as JSON (WebAuthn level 3 section 5.1.9). */
const Question = z.looseObject({ challenge: z.string() });

/** What the script put into the form. Empty without script. */
export const credentialField = z.string().max(maxCredentialLength).default('');

/**
 * What a script asks before it turns to the browser's passkeys. Not one of the forms: it moves nothing on.
 *
 * @param ask - answers with the options, or as `advance` does when nobody is to be asked
 */
export const questionRoute = (
  definition: { readonly operationId: string; readonly path: string; readonly summary: string },
  ask: (open: OpenAttempt, services: Services) => Promise<Reply>,
): Route =>
  route(
    {
      ...definition,
      method: 'POST',
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
      return ask(open, services);
    },
  );

const ask = questionRoute(
  {
    operationId: 'askForPasskey',
    path: '/sign-in/passkey/options',
    summary: 'What a browser is asked to sign with a passkey',
  },
  async (open, services) => {
    if (!open.client.environment.settings.passkeySignIn) return advance(services, open);
    return reply.json(await startAuthentication(services, open.tenant, { holder: open.attempt.id, userId: null }));
  },
);

const submit = formRoute(
  {
    operationId: 'submitPasskey',
    path: '/sign-in/passkey',
    summary: 'Prove a passkey',
    step: 'passkey',
    body: { credential: credentialField },
  },
  async (open, services, { body, request }) => {
    if (!open.client.environment.settings.passkeySignIn) return goTo('/sign-in', open.attempt);
    const proof = await provePasskey(services, open, body.credential, request);
    if (proof === 'wrong' && !(await hasMovedOn(services, open)))
      return identifyPage(services, open, { problem: { message: 'passkeys.failed' } }, 401);
    return typeof proof === 'string' ? catchUp(services, open) : advance(services, proof);
  },
  (open, problem, services) => identifyPage(services, open, { problem }, 429),
);

export const passkeyRoutes: readonly Route[] = [ask, submit];
