import { anyone, type Reply, type RequestInfo, type Route, reply, route, type Services } from '../core/index.ts';
import {
  declineOffer,
  postponeOffer,
  type Registration,
  registerPasskey,
  startRegistration,
} from '../passkeys/index.ts';
import { authenticatedAtOf } from '../sessions/index.ts';
import type { UserRow } from '../users/index.ts';
import { advance, catchUp, learn, stepOf } from './advance.ts';
import { assertOwnForm, type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { countQuestion } from './limits.ts';
import { accountAtPages, offerPage } from './offer-passkey.ts';
import { credentialField, Question } from './passkey.routes.ts';
import { hasMovedOn } from './prove-email.ts';

const shared = {
  auth: anyone('people sign in here; the attempt proves its browser'),
  query: attemptQuery,
  errors: signInErrors,
  page: true,
} as const;

/** Everything is proved, and nothing else is missing: before that nobody gets another way into the account. */
const isDue = async (services: Services, open: OpenAttempt): Promise<boolean> =>
  (await stepOf(services, open)) === 'offer_passkey';

const show = route(
  {
    ...shared,
    operationId: 'showPasskeyOffer',
    method: 'GET',
    path: '/passkey',
    summary: 'The page that offers to make a passkey',
    returns: { status: 200 },
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return (await isDue(services, open)) ? offerPage(open) : goTo('/sign-in', open.attempt);
  },
);

const ask = route(
  {
    ...shared,
    operationId: 'askToMakePasskey',
    method: 'POST',
    path: '/passkey/options',
    summary: 'What a browser is asked to make a passkey of',
    body: formBody({}),
    returns: { status: 200, body: Question },
    form: true,
  },
  async ({ query, body, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    assertOwnForm(services, open, body.csrf, request);
    const account = await accountAtPages(services, open);
    if (!account || !(await isDue(services, open))) return advance(services, open);
    await countQuestion(services, open, request);
    const { attempt, client, tenant } = open;
    return reply.json(
      await startRegistration(services, tenant, {
        client,
        user: account.user,
        holder: attempt.id,
        authenticatedAt: authenticatedAtOf(attempt.proven),
      }),
    );
  },
);

const create = route(
  {
    ...shared,
    operationId: 'submitNewPasskey',
    method: 'POST',
    path: '/passkey',
    summary: 'Keep the passkey that the browser made',
    body: formBody({ credential: credentialField }),
    returns: { status: 303 },
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'offer_passkey',
      async (open) => {
        const account = await accountAtPages(services, open);
        if (!account || !(await isDue(services, open))) return advance(services, open);
        const { registration, moved } = await register(
          services,
          open,
          account.user,
          form.body.credential,
          form.request,
        );
        if (registration.outcome === 'registered' && moved) return advance(services, moved);
        if (await hasMovedOn(services, open)) return catchUp(services, open);
        const message = registration.outcome === 'known' ? 'passkeys.known' : 'passkeys.notCreated';
        return offerPage(open, { problem: { message } }, 422);
      },
      (open, problem) => offerPage(open, { problem }, 429),
    ),
);

const answer = route(
  {
    ...shared,
    operationId: 'submitPasskeyAnswer',
    method: 'POST',
    path: '/passkey/answer',
    summary: 'Say no to a passkey, for now or for good',
    body: formBody({ answer: text }),
    returns: { status: 303 },
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'offer_passkey',
      async (open) => {
        const account = await accountAtPages(services, open);
        if (!account || !(await isDue(services, open))) return advance(services, open);
        const keep = form.body.answer === 'never' ? declineOffer : postponeOffer;
        await keep(services, open.tenant, account.user.id);
        return goOn(services, open);
      },
      (open, problem) => offerPage(open, { problem }, 429),
    ),
);

/** Keeps the passkey only if the attempt still stands where its form found it: what it proved may be forgotten by now. */
async function register(
  services: Services,
  open: OpenAttempt,
  user: UserRow,
  credential: string,
  request: RequestInfo,
): Promise<{ registration: Registration; moved: OpenAttempt | null }> {
  const { attempt, tenant } = open;
  let moved: OpenAttempt | null = null;
  const registration = await registerPasskey(
    services,
    tenant,
    { user, holder: attempt.id, credential, request },
    async (tx) => {
      moved = await learn(tx, open, { answers: { ...attempt.answers, passkeyOffer: 'created' } });
      return moved !== null;
    },
  );
  return { registration, moved };
}

async function goOn(services: Services, open: OpenAttempt): Promise<Reply> {
  const moved = await learn(services.db, open, { answers: { ...open.attempt.answers, passkeyOffer: 'declined' } });
  return moved ? advance(services, moved) : catchUp(services, open);
}

export const offerPasskeyRoutes: readonly Route[] = [show, ask, create, answer];
