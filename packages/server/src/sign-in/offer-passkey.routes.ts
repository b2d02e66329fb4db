import { anyone, type Reply, type Route, reply, route, type Services } from '../core/index.ts';
import { declineOffer, postponeOffer, registerPasskey, startRegistration } from '../passkeys/index.ts';
import { authenticatedAtOf } from '../sessions/index.ts';
import { advance, catchUp, learn, stepOf } from './advance.ts';
import { assertOwnForm, type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { countQuestion } from './limits.ts';
import { accountAtPages, offerPage } from './offer-passkey.ts';
import { credentialField, Question } from './passkey.routes.ts';

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
        const { outcome } = await registerPasskey(services, open.tenant, {
          user: account.user,
          holder: open.attempt.id,
          credential: form.body.credential,
          request: form.request,
        });
        if (outcome === 'registered') return goOn(services, open, 'created');
        return offerPage(
          open,
          { problem: { message: `passkeys.${outcome === 'known' ? outcome : 'notCreated'}` } },
          422,
        );
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
        return goOn(services, open, 'declined');
      },
      (open, problem) => offerPage(open, { problem }, 429),
    ),
);

async function goOn(services: Services, open: OpenAttempt, passkeyOffer: 'created' | 'declined'): Promise<Reply> {
  const moved = await learn(services.db, open, { answers: { ...open.attempt.answers, passkeyOffer } });
  return moved ? advance(services, moved) : catchUp(services, open);
}

export const offerPasskeyRoutes: readonly Route[] = [show, ask, create, answer];
