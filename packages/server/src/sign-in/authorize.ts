import { type Answers, findAccount, membershipOf, nextStep, type SignInRequest } from '../attempts/index.ts';
import {
  answerUrl,
  authenticatedTenant,
  newSecret,
  type Reply,
  type RequestInfo,
  reply,
  type Services,
  type Tenant,
  withCookies,
} from '../core/index.ts';
import { type Client, findClient } from '../environments/index.ts';
import { type ImpersonationRow, waitingImpersonation } from '../impersonation/index.ts';
import { issueCode } from '../oauth/index.ts';
import { findOrganization, mayJoinByVerifiedDomain } from '../organizations/index.ts';
import { type BrowserSessionRow, currentBrowserSession } from '../sessions/index.ts';
import type { ConnectionRow } from '../sso/index.ts';
import { findUser, normalizeEmail } from '../users/index.ts';
import { advance } from './advance.ts';
import { confirmPage } from './confirm.ts';
import { InvalidRedirectUri, UnknownClient } from './errors.ts';
import { hrefOf } from './go-to.ts';
import { invitationFor, invitedScreen } from './invitation.ts';
import { takenFrom } from './known-browser.ts';
import { acceptRedirect } from './redirects.ts';
import { type AppError, maxStateLength, rawState, readAuthorizeRequest, type WantedSignIn } from './request.ts';
import { countRound } from './rounds.ts';
import { selectConnection } from './selector.ts';
import { urlOfProvider } from './social.ts';
import { urlOfConnection } from './sso.ts';
import { startAttempt } from './start.ts';

/**
 * The authorization endpoint (RFC 6749 section 3.1). Until the client and its redirect URI are known to belong
 * together nobody is redirected anywhere; from then on every problem goes back to the app.
 */
export async function authorize(
  services: Services,
  query: Readonly<Record<string, unknown>>,
  request: RequestInfo,
): Promise<Reply> {
  const client = await clientOf(services, query.client_id);
  const redirectUri = redirectUriOf(query.redirect_uri, client);
  const { isOnSharedGround } = await acceptRedirect(services, client, redirectUri);
  const state = rawState(request.url);
  if (state !== null && state.length > maxStateLength) {
    const description = `The parameter 'state' is longer than ${maxStateLength} characters.`;
    return refuse(redirectUri, { error: 'invalid_request', description }, null);
  }
  const wanted = readAuthorizeRequest(query);
  if ('error' in wanted) return refuse(redirectUri, wanted, state);
  const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
  const connection = wanted.selector && (await selectConnection(services, tenant, wanted.selector));
  if (connection && 'error' in connection) return refuse(redirectUri, connection, state);
  if (wanted.organizationId !== null && !(await findOrganization(services.db, tenant, wanted.organizationId))) {
    const description = `There is no organization '${wanted.organizationId}'.`;
    return refuse(redirectUri, { error: 'organization_invalid', description }, state);
  }
  const invitation = await invitationFor(services, client, tenant, wanted, request);
  const authorization: SignInRequest = {
    destination: {
      kind: 'app',
      redirectUri,
      state,
      codeChallenge: wanted.codeChallenge,
      isOnSharedGround,
      // On shared ground a page of ours names the address first, and an app's exchange would come before that page.
      stepUps: (wanted.provider === null && !connection) || isOnSharedGround ? 'pages' : 'exchange',
    },
    // An app says the same for everybody, and cannot know that this one has been invited.
    screenHint: invitation ? await invitedScreen(services, tenant, invitation) : wanted.screenHint,
    loginHint: wanted.loginHint ?? invitation?.email ?? null,
    mayAlwaysSignUp: false,
    asksAgain: asksAgain(wanted),
    organizationId: connection?.organizationId ?? wanted.organizationId,
    invitationId: invitation?.id ?? null,
    provider: wanted.provider,
    connectionId: connection?.id ?? null,
    uiLocales: wanted.uiLocales,
  };
  const impersonation = mayImpersonate(wanted) && (await waitingImpersonation(services, tenant, client, request));
  if (impersonation) return askOperator(services, client, tenant, authorization, impersonation, request);
  const known = await findKnown(services, client, tenant, authorization, wanted, request);
  if (known?.step === 'complete') return signOnSilently(services, client, tenant, authorization, known, request);
  if (wanted.prompts.includes('none')) {
    const error = known ? 'interaction_required' : 'login_required';
    const why = known ? 'The person has something to do or to agree to' : 'The person is not signed in';
    return refuse(redirectUri, { error, description: `${why}, and prompt=none forbids asking.` }, state);
  }
  if (known) return goOn(services, client, authorization, known, request);
  if (connection) return straightToConnection(services, client, authorization, connection, wanted, request);
  if (wanted.provider !== null) return straightTo(services, client, authorization, wanted, request);
  const { open, cookies } = await startAttempt(services, client, authorization, request);
  const { passwordResetToken: token } = wanted;
  if (token !== null) return reply.redirect(`/reset-password?token=${token}&attempt=${open.attempt.id}`, { cookies });
  return reply.redirect(hrefOf(authorization.screenHint === 'sign-up' ? '/sign-up' : '/sign-in', open.attempt), {
    cookies,
  });
}

/** The app names the provider, so there is no page of ours on the way. */
async function straightTo(
  services: Services,
  client: Client,
  authorization: SignInRequest,
  { provider, providerWishes }: WantedSignIn,
  request: RequestInfo,
): Promise<Reply> {
  const { destination, loginHint } = authorization;
  if (destination.kind !== 'app' || provider === null) throw new Error('Only apps name a provider.');
  const { open, cookies } = await startAttempt(services, client, authorization, request);
  const url = await urlOfProvider(services, open, provider, { ...providerWishes, loginHint });
  if (url instanceof URL) return reply.redirect(url.href, { cookies });
  const description =
    url === 'not_offered'
      ? `The provider '${provider}' is not set up in this environment.`
      : `The provider '${provider}' cannot be reached.`;
  const error = url === 'not_offered' ? 'connection_invalid' : 'oauth_failed';
  return refuse(destination.redirectUri, { error, description }, destination.state);
}

/** The same for an organization's identity provider. */
async function straightToConnection(
  services: Services,
  client: Client,
  authorization: SignInRequest,
  connection: ConnectionRow,
  { providerWishes }: WantedSignIn,
  request: RequestInfo,
): Promise<Reply> {
  const { destination } = authorization;
  if (destination.kind !== 'app') throw new Error('Only apps name a connection.');
  const { open, cookies } = await startAttempt(services, client, authorization, request);
  const url = await urlOfConnection(services, open, connection, providerWishes);
  if (url) return reply.redirect(url.href, { cookies });
  const description = `The identity provider of the connection '${connection.id}' cannot be reached.`;
  return refuse(destination.redirectUri, { error: 'oauth_failed', description }, destination.state);
}

export async function clientOf(services: Services, clientId: unknown): Promise<Client> {
  const client = typeof clientId === 'string' ? await findClient(services, clientId) : null;
  if (client) return client;
  throw new UnknownClient({
    heading: 'errors.unknownClient',
    message: clientId === undefined ? 'errors.unknownClientNone' : 'errors.unknownClientId',
    advice: 'errors.unknownClientAdvice',
  });
}

export function redirectUriOf(presented: unknown, client: Client): string {
  if (typeof presented === 'string' && presented !== '') return presented;
  throw new InvalidRedirectUri({
    heading: 'errors.redirect',
    message: presented === undefined || presented === '' ? 'errors.redirectNone' : 'errors.redirectTwice',
    advice: 'errors.redirectOnce',
    clientId: client.clientId,
  });
}

export const refuse = (redirectUri: string, { error, description }: AppError, state: string | null): Reply =>
  reply.redirect(answerUrl(redirectUri, { error, error_description: description }, state));

/** Whether the app wants a new proof of the person (OpenID Connect Core section 3.1.2.1), or one no older than this. */
const asksAgain = (wanted: WantedSignIn): boolean => demandsProof(wanted) || wanted.maxAge !== null;

const demandsProof = ({ prompts }: WantedSignIn): boolean =>
  prompts.some((prompt) => prompt === 'login' || prompt === 'select_account');

/** Whether the sign-in that is there already answers what the app asks. */
function suffices(session: BrowserSessionRow, wanted: WantedSignIn, at: Date): boolean {
  if (demandsProof(wanted) || wanted.screenHint === 'sign-up' || wanted.passwordResetToken !== null) return false;
  return wanted.maxAge === null || at.getTime() - session.authenticatedAt.getTime() < wanted.maxAge * 1000;
}

/** An app that asks nothing of the person, or names the provider they come from, did not mean the operator. */
const mayImpersonate = ({ prompts, provider, selector }: WantedSignIn): boolean =>
  !prompts.includes('none') && provider === null && selector === null;

/** This browser's operator came to act as somebody. One question first: anybody could have sent them here just now. */
async function askOperator(
  services: Services,
  client: Client,
  tenant: Tenant,
  wanted: SignInRequest,
  { userId, operatorEmail, reason }: ImpersonationRow,
  request: RequestInfo,
): Promise<Reply> {
  const user = await findUser(services.db, tenant, userId);
  const impersonator = { email: operatorEmail, reason };
  const known = { email: user?.email ?? null, userId, impersonator };
  const { open, cookies } = await startAttempt(services, client, wanted, request, known);
  return withCookies(await advance(services, open), cookies);
}

/** Whether the app has named somebody else. What it names may be no address; then it says nothing about who is meant. */
function isMeant({ loginHint }: WantedSignIn, email: string): boolean {
  const hinted = loginHint === null ? null : normalizeEmail(loginHint.trim());
  return hinted === null || hinted.toLowerCase() === email.toLowerCase();
}

interface Known {
  readonly session: BrowserSessionRow;
  readonly email: string;
  readonly organizationId: string | null;
  readonly answers: Answers;
  /** What is still missing; the first proof is not. */
  readonly step: Exclude<ReturnType<typeof nextStep>, 'identify' | 'prove'>;
}

/**
 * The person this browser has signed in already, where that is enough to begin with. Policy may have changed since, or
 * the address: `nextStep` is asked here like anywhere else, and when not even the first proof counts any more it is a
 * sign-in from the start.
 */
async function findKnown(
  services: Services,
  { environment }: Client,
  tenant: Tenant,
  authorization: SignInRequest,
  wanted: WantedSignIn,
  request: RequestInfo,
): Promise<Known | null> {
  // An app that names a provider wants what the provider says now.
  if (authorization.provider !== null || authorization.connectionId !== null) return null;
  const session = await currentBrowserSession(services, tenant, environment, request);
  if (!session || !suffices(session, wanted, services.now())) return null;
  const account = await findAccount(services, tenant, session);
  // Whoever hints at another person would be handed the wrong one.
  if (!account || !isMeant(wanted, account.user.email)) return null;
  const { email } = account.user;
  const { proven, organizationId } = session;
  // What the browser's sign-in could join it has joined; unless something new is asked for, which a page asks about.
  const isMember = account.memberships.some((each) => each.organizationId === authorization.organizationId);
  const wantedId = isMember ? null : authorization.organizationId;
  const mayJoin = wantedId !== null && (await mayJoinByVerifiedDomain(services, tenant, account.user, wantedId));
  const bringsNothing = authorization.invitationId === null && !mayJoin;
  // Whom this browser remembers the invitation of, pressed the button at its page.
  const isAccepted = authorization.invitationId !== null && wanted.invitationToken === null;
  const answers: Answers = {
    ...takenFrom(services, session),
    ...(bringsNothing && { joined: true }),
    ...(isAccepted && { agreesToJoin: true }),
  };
  const progress = { email, proven, organizationId, answers, signUp: null, impersonator: null, request: authorization };
  const step = nextStep(progress, account, environment.settings);
  if (step === 'identify' || step === 'prove') return null;
  return {
    session,
    email,
    organizationId: membershipOf(progress, account)?.organizationId ?? null,
    answers,
    step,
  };
}

async function signOnSilently(
  services: Services,
  client: Client,
  tenant: Tenant,
  { destination }: SignInRequest,
  { session, organizationId }: Known,
  request: RequestInfo,
): Promise<Reply> {
  if (destination.kind !== 'app') throw new Error('Only apps ask for codes.');
  const round = countRound(services, client, 'silent', request);
  const code = newSecret();
  await services.db.transaction((tx) =>
    issueCode(services, tx, tenant, code, {
      client,
      redirectUri: destination.redirectUri,
      userId: session.userId,
      browserSessionId: session.id,
      organizationId,
      authenticationMethod: session.authenticationMethod,
      proven: session.proven,
      impersonator: null,
      attemptId: null,
      authenticatedAt: session.authenticatedAt,
      codeChallenge: destination.codeChallenge,
      needsClientSecret: destination.isOnSharedGround,
      ipAddress: request.ip,
      userAgent: request.userAgent,
    }),
  );
  const location = answerUrl(destination.redirectUri, { code: code.reveal() }, destination.state);
  return reply.redirect(location, { cookies: [round] });
}

/** Signed in already, and something is missing: a choice, a factor, a click before a stranger's address learns of it. */
async function goOn(
  services: Services,
  client: Client,
  wanted: SignInRequest,
  { session, email, answers, step }: Known,
  request: RequestInfo,
): Promise<Reply> {
  const { userId, proven, organizationId } = session;
  const { open, cookies } = await startAttempt(services, client, wanted, request, {
    email,
    userId,
    proven,
    organizationId,
    answers,
  });
  if (step === 'confirm_redirect') return confirmPage(open, { cookies });
  return withCookies(await advance(services, open), cookies);
}
