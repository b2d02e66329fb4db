import { type Reply, type RequestInfo, type Route, reply, type Services } from '../core/index.ts';
import {
  declineOffer,
  postponeOffer,
  type Registration,
  registerPasskey,
  startRegistration,
} from '../passkeys/index.ts';
import { authenticatedAtOf } from '../sessions/index.ts';
import type { UserRow } from '../users/index.ts';
import { advance, catchUp, learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { accountAtPages, offerPage } from './offer-passkey.ts';
import { credentialField, questionRoute } from './passkey.routes.ts';
import { hasMovedOn } from './prove-email.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';

/** Everything is proved, and nothing else is missing: before that nobody gets another way into the account. */
const isDue = waitsFor('offer_passkey');

const show = pageRoute(
  {
    operationId: 'showPasskeyOffer',
    path: '/passkey',
    summary: 'The page that offers to make a passkey',
    isDue,
  },
  (open) => offerPage(open),
);

const ask = questionRoute(
  {
    operationId: 'askToMakePasskey',
    path: '/passkey/options',
    summary: 'What a browser is asked to make a passkey of',
  },
  async (open, services) => {
    const account = await accountAtPages(services, open);
    if (!account || !(await isDue(services, open))) return advance(services, open);
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

const create = formRoute(
  {
    operationId: 'submitNewPasskey',
    path: '/passkey',
    summary: 'Keep the passkey that the browser made',
    step: 'offer_passkey',
    body: { credential: credentialField },
  },
  async (open, services, { body, request }) => {
    const account = await accountAtPages(services, open);
    if (!account || !(await isDue(services, open))) return advance(services, open);
    const { registration, moved } = await register(services, open, account.user, body.credential, request);
    if (registration.outcome === 'registered' && moved) return advance(services, moved);
    if (await hasMovedOn(services, open)) return catchUp(services, open);
    const message = registration.outcome === 'known' ? 'passkeys.known' : 'passkeys.notCreated';
    return offerPage(open, { problem: { message } }, 422);
  },
  (open, problem) => offerPage(open, { problem }, 429),
);

const answer = formRoute(
  {
    operationId: 'submitPasskeyAnswer',
    path: '/passkey/answer',
    summary: 'Say no to a passkey, for now or for good',
    step: 'offer_passkey',
    body: { answer: text },
  },
  async (open, services, { body }) => {
    const account = await accountAtPages(services, open);
    if (!account || !(await isDue(services, open))) return advance(services, open);
    const keep = body.answer === 'never' ? declineOffer : postponeOffer;
    await keep(services, open.tenant, account.user.id);
    return goOn(services, open);
  },
  (open, problem) => offerPage(open, { problem }, 429),
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
