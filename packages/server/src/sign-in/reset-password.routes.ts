import { z } from 'zod';
import { startOver } from '../attempts/index.ts';
import { askForReset, findResetAnywhere, inspectReset, resetPassword } from '../authentication/index.ts';
import {
  anyone,
  authenticatedTenant,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  Secret,
  type Services,
} from '../core/index.ts';
import { type Client, findClient, findEnvironment, firstEnvironment, isShownHere } from '../environments/index.ts';
import { normalizeEmail, type UserRow } from '../users/index.ts';
import { advance, learn } from './advance.ts';
import { isSameOrigin, type OpenAttempt, openAttempt } from './browser.ts';
import { AttemptOver, ForgedForm, ResetLinkDead, signInErrors } from './errors.ts';
import { tellingLimits, text } from './form.ts';
import { hrefOf } from './go-to.ts';
import {
  forgotPasswordPage,
  linkSentPage,
  olderLinkPage,
  passwordChangedPage,
  type ResetPasswordView,
  resetPasswordPage,
} from './pages/index.ts';
import { adviseOnPassword, PasswordAdvice } from './password-advice.ts';
import { passwordFault } from './password-fault.ts';
import { sourceOf, viewOf } from './view.ts';
import { whilePasswordsAreOn } from './while-passwords-are-on.ts';

const attempt = z.string().max(64).optional();
const pageErrors = [...signInErrors, ResetLinkDead];

/** The sign-in that goes on in this browser, if there is one; a page that is opened by itself has none. */
async function goingOn(services: Services, id: string | null | undefined, request: RequestInfo) {
  if (!id) return null;
  try {
    return await openAttempt(services, id, request, { mayRepeat: false });
  } catch (error) {
    if (error instanceof AttemptOver) return null;
    throw error;
  }
}

const tenantOf = ({ environment, clientId }: Client) =>
  authenticatedTenant(environment.id, { type: 'user', id: clientId, name: null });

/** These forms have no attempt to bind a token to. What they do needs the link, or sends one to its owner. */
function assertOwnPage(services: Services, client: Client, request: RequestInfo): void {
  if (isSameOrigin(services, request)) return;
  throw new ForgedForm({
    heading: 'errors.forgedForm',
    message: 'errors.forgedFormWhy',
    advice: 'errors.forgedFormAdvice',
    clientId: client.clientId,
  });
}

const signInUrlOf = (open: OpenAttempt | null): string | null => open && hrefOf('/sign-in', open.attempt);

/** Where a link is asked for. One server has many environments, so the address says for which. */
const forgotUrl = ({ clientId }: Client, attemptId: string | null): string =>
  `/forgot-password?${new URLSearchParams({ ...(attemptId && { attempt: attemptId }), client_id: clientId })}`;

const forgotQuery = z.object({
  attempt,
  client_id: z.string().max(128).optional(),
  sent: z.string().max(1024).optional().describe('Shows again that a link is on its way; only we can write it.'),
});

const placeOfSent = ({ clientId }: Client): string => `forgot-password ${clientId}`;

/** Shows the same again without mailing again. The address is sealed: it is nobody’s business in a history. */
const sentUrl = ({ vault }: Services, client: Client, attemptId: string | null, email: string): string =>
  `${forgotUrl(client, attemptId)}&${new URLSearchParams({ sent: vault.seal(email, placeOfSent(client)) })}`;

/** @returns null for what we did not write for this client */
function sentTo({ vault }: Services, client: Client, sealed: string): string | null {
  try {
    return vault.open(sealed, placeOfSent(client));
  } catch {
    return null;
  }
}

async function whose(services: Services, query: z.output<typeof forgotQuery>, request: RequestInfo) {
  const open = await goingOn(services, query.attempt, request);
  const named = query.client_id === undefined ? null : await findClient(services, query.client_id);
  const client = open?.client ?? named ?? (await firstEnvironment(services))?.client ?? null;
  if (!client) throw deadLink(null, null);
  return { open, client };
}

async function forgotPage(
  services: Services,
  request: RequestInfo,
  { open, client }: { open: OpenAttempt | null; client: Client },
  shown: Pick<Parameters<typeof forgotPasswordPage>[0], 'email' | 'errors' | 'problem'> = {},
  status = 200,
): Promise<Reply> {
  const view = await viewOf(services, client, request);
  const form = {
    action: forgotUrl(client, open?.attempt.id ?? null),
    csrf: open?.csrf ?? 'none',
    step: 'forgot_password',
  };
  const email = open?.attempt.email ?? undefined;
  return reply.page(
    (nonce) => forgotPasswordPage({ ...view(nonce), ...form, email, signInUrl: signInUrlOf(open), ...shown }),
    { status, formTargets: endpointOf(client) },
  );
}

const showForgot = route(
  {
    operationId: 'showForgotPassword',
    method: 'GET',
    path: '/forgot-password',
    summary: 'The page that mails a link for a new password',
    auth: anyone('people who forgot their password ask here'),
    query: forgotQuery,
    returns: { status: 200 },
    errors: pageErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const from = await whose(services, query, request);
    const email = query.sent === undefined ? null : sentTo(services, from.client, query.sent);
    return whilePasswordsAreOn(from.client, from.open, () =>
      email === null ? forgotPage(services, request, from) : sentPage(services, request, from, email),
    );
  },
);

const submitForgot = route(
  {
    operationId: 'submitForgotPassword',
    method: 'POST',
    path: '/forgot-password',
    summary: 'Mail a link for a new password',
    auth: anyone('it sends a link to the owner of the address, within the limits of mails'),
    query: forgotQuery,
    body: z.object({ csrf: text, step: text, email: text }),
    returns: { status: 200 },
    errors: pageErrors,
    page: true,
    form: true,
  },
  async ({ query, body, request }, services) => {
    const from = await whose(services, query, request);
    assertOwnPage(services, from.client, request);
    return whilePasswordsAreOn(from.client, from.open, () => mailLink(services, request, from, body.email.trim()));
  },
);

async function sentPage(
  services: Services,
  request: RequestInfo,
  { open, client }: { open: OpenAttempt | null; client: Client },
  email: string,
): Promise<Reply> {
  const attemptId = open?.attempt.id ?? null;
  const view = await viewOf(services, client, request);
  const shown = {
    email,
    here: sentUrl(services, client, attemptId, email),
    againUrl: forgotUrl(client, attemptId),
    signInUrl: signInUrlOf(open),
  };
  return reply.page((nonce) => linkSentPage({ ...view(nonce), ...shown }));
}

async function mailLink(
  services: Services,
  request: RequestInfo,
  from: { open: OpenAttempt | null; client: Client },
  typed: string,
): Promise<Reply> {
  const email = normalizeEmail(typed);
  if (email === null) {
    const missing = typed === '' ? 'common.emailMissing' : 'common.emailMalformed';
    return forgotPage(services, request, from, { email: typed, errors: { email: missing } }, 422);
  }
  const attemptId = from.open?.attempt.id ?? null;
  const view = await viewOf(services, from.client, request);
  return tellingLimits(
    async () => {
      await askForReset(services, tenantOf(from.client), { email, locale: view('').t.locale, attemptId });
      return sentPage(services, request, from, email);
    },
    (problem) => forgotPage(services, request, from, { email: typed, problem }, 429),
  );
}

const deadLink = (client: Client | null, attemptId: string | null): ResetLinkDead =>
  new ResetLinkDead({
    heading: 'password.deadLink',
    message: 'password.deadLinkWhy',
    advice: 'password.deadLinkAdvice',
    restart: { label: 'password.sendAnother', url: client ? forgotUrl(client, attemptId) : '/forgot-password' },
    clientId: client?.clientId ?? null,
  });

interface GoodLink {
  readonly isOlder: false;
  readonly token: Secret;
  readonly client: Client;
  readonly user: UserRow;
  /** The sign-in that asked for it. */
  readonly attemptId: string | null;
}

/** One that a newer link has put out of force. */
interface OlderLink {
  readonly isOlder: true;
  readonly client: Client;
  /** The inbox that both were mailed to. */
  readonly email: string;
}

/** Which environment a link belongs to follows from it: a mailed address carries nothing else. */
async function openLink(services: Services, presented: string): Promise<GoodLink | OlderLink> {
  const token = new Secret(presented);
  const reset = await findResetAnywhere(services.db, token.hash());
  const environment = reset && (await findEnvironment(services, reset.environmentId));
  if (!reset || !environment || !isShownHere(services, environment.id)) throw deadLink(null, null);
  const { client } = environment;
  const link = await inspectReset(services, tenantOf(client), token);
  if (link.outcome === 'superseded') return { isOlder: true, client, email: reset.email };
  if (link.outcome !== 'good') throw deadLink(client, reset.attemptId);
  return { isOlder: false, token, client, user: link.user, attemptId: reset.attemptId };
}

/** Says that a newer mail was sent, and sends another at a click. */
async function olderPage(
  services: Services,
  request: RequestInfo,
  { client, email }: Omit<OlderLink, 'isOlder'>,
): Promise<Reply> {
  const view = await viewOf(services, client, request);
  const form = { action: forgotUrl(client, null), csrf: 'none', step: 'forgot_password' };
  return reply.page((nonce) => olderLinkPage({ ...view(nonce), here: null, ...form, email }), {
    status: ResetLinkDead.status,
    formTargets: endpointOf(client),
  });
}

const strengthPath = '/reset-password/strength';

/** Browsers hold `form-action` against redirects too, and a sign-in without an attempt begins at the app. */
const endpointOf = ({ signInEndpoint }: Client): string[] =>
  signInEndpoint === null ? [] : [sourceOf(signInEndpoint)];

const targetsOf = (client: Client, open: OpenAttempt | null): string[] => {
  const destination = open?.attempt.request.destination;
  return [...endpointOf(client), ...(destination?.kind === 'app' ? [sourceOf(destination.redirectUri)] : [])];
};

/** Where the link was followed. */
interface From {
  /** The sign-in that the address names. */
  readonly attemptId: string | undefined;
  /** The one that goes on in this browser: that, or the one that asked for the link. */
  readonly open: OpenAttempt | null;
}

async function fromOf(
  services: Services,
  request: RequestInfo,
  link: GoodLink,
  attemptId: string | undefined,
): Promise<From> {
  return { attemptId, open: await goingOn(services, attemptId ?? link.attemptId, request) };
}

async function resetPage(
  services: Services,
  request: RequestInfo,
  { token, client, user }: GoodLink,
  { attemptId, open }: From,
  shown: Pick<ResetPasswordView, 'errors' | 'problem'> = {},
  status = 200,
): Promise<Reply> {
  const view = await viewOf(services, client, request);
  // The address of the form is without the token: what is in addresses ends up in histories.
  const action =
    attemptId === undefined ? '/reset-password' : `/reset-password?attempt=${encodeURIComponent(attemptId)}`;
  const form = { action, csrf: 'none', step: 'reset_password', token: token.reveal(), email: user.email };
  // The mail's own address, which is in the history already.
  const here = `/reset-password?${new URLSearchParams({ token: token.reveal(), ...(attemptId && { attempt: attemptId }) })}`;
  const { passwordMinLength } = client.environment.settings;
  return reply.page(
    (nonce) =>
      resetPasswordPage({ ...view(nonce), here, ...form, adviceUrl: strengthPath, passwordMinLength, ...shown }),
    { status, formTargets: targetsOf(client, open) },
  );
}

const showReset = route(
  {
    operationId: 'showResetPassword',
    method: 'GET',
    path: '/reset-password',
    summary: 'The page that sets a new password with a mailed link',
    auth: anyone('the link is the credential; looking spends nothing'),
    query: z.object({ token: z.string().max(256).default(''), attempt }),
    returns: { status: 200 },
    errors: pageErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const link = await openLink(services, query.token);
    if (link.isOlder) return whilePasswordsAreOn(link.client, null, () => olderPage(services, request, link));
    const from = await fromOf(services, request, link, query.attempt);
    return whilePasswordsAreOn(link.client, from.open, () => resetPage(services, request, link, from));
  },
);

const judge = route(
  {
    operationId: 'judgeResetPassword',
    method: 'POST',
    path: strengthPath,
    summary: 'Advice on a new password that is being typed',
    auth: anyone('the link is the credential; asking spends nothing'),
    body: z.object({ token: z.string().max(256).default(''), password: text }),
    returns: { status: 200, body: PasswordAdvice },
    errors: pageErrors,
    internal: true,
    form: true,
  },
  async ({ body, request }, services) => {
    const link = await openLink(services, body.token);
    if (link.isOlder) throw deadLink(link.client, null);
    const { client, user } = link;
    assertOwnPage(services, client, request);
    const { t } = (await viewOf(services, client, request))('');
    const typed = { password: body.password, email: user.email, firstName: user.firstName, lastName: user.lastName };
    return adviseOnPassword(services, { client, tenant: tenantOf(client), t }, typed, request);
  },
);

const submitReset = route(
  {
    operationId: 'submitResetPassword',
    method: 'POST',
    path: '/reset-password',
    summary: 'Set a new password with a mailed link',
    auth: anyone('the link is the credential, spent by this form'),
    query: z.object({ attempt }),
    body: z.object({ csrf: text, step: text, token: z.string().max(256).default(''), email: text, password: text }),
    returns: { status: 200, also: [{ status: 303, description: 'On with the sign-in that asked for the link.' }] },
    errors: pageErrors,
    page: true,
    form: true,
  },
  async ({ query, body, request }, services) => {
    const link = await openLink(services, body.token);
    assertOwnPage(services, link.client, request);
    if (link.isOlder) return olderPage(services, request, link);
    const from = await fromOf(services, request, link, query.attempt);
    return whilePasswordsAreOn(link.client, from.open, () => setPassword(services, request, link, from, body.password));
  },
);

async function setPassword(
  services: Services,
  request: RequestInfo,
  link: GoodLink,
  from: From,
  password: string,
): Promise<Reply> {
  const again = (shown: Pick<ResetPasswordView, 'errors' | 'problem'>, status: number) =>
    resetPage(services, request, link, from, shown, status);
  if (password === '') return again({ errors: { password: 'password.choose' } }, 422);
  return tellingLimits(
    async () => {
      const change = await resetPassword(services, tenantOf(link.client), link.token, password);
      switch (change.outcome) {
        case 'changed':
          return goOn(services, request, link, change.user, from.attemptId ?? link.attemptId);
        case 'refused': {
          const [finding] = change.findings;
          const { passwordMinLength } = link.client.environment.settings;
          const fault = finding ? passwordFault(finding, passwordMinLength) : 'password.tooWeak';
          return again({ errors: { password: fault } }, 422);
        }
        case 'superseded':
          return olderPage(services, request, { client: link.client, email: link.user.email });
        case 'unknown':
        case 'used':
        case 'expired':
          throw deadLink(link.client, link.attemptId);
      }
    },
    (problem) => again({ problem }, 429),
  );
}

/**
 * Whoever set the password has the inbox and the password, and is signed in with both where the sign-in that asked for
 * the link waits in this browser; a second factor is asked for there. Everybody else begins at the app.
 */
async function goOn(
  services: Services,
  request: RequestInfo,
  { client }: GoodLink,
  user: UserRow,
  attemptId: string | null,
): Promise<Reply> {
  const open = await goingOn(services, attemptId, request);
  if (open && open.client.environment.id === client.environment.id) {
    const at = services.now().getTime();
    const moved = await learn(services.db, open, {
      ...startOver(open.attempt),
      organizationId: user.email === open.attempt.email ? open.attempt.organizationId : null,
      email: user.email,
      userId: user.id,
      proven: { password: at, emailCode: at },
    });
    if (moved) return advance(services, moved);
  }
  const view = await viewOf(services, client, request);
  return reply.page((nonce) => passwordChangedPage({ ...view(nonce), signInUrl: client.signInEndpoint }));
}

export const resetPasswordRoutes: readonly Route[] = [showForgot, submitForgot, showReset, submitReset, judge];
