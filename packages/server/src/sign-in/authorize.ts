import {
  authenticatedTenant,
  newSecret,
  type Reply,
  type RequestInfo,
  reply,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { type Client, findClient } from '../environments/index.ts';
import { issueCode } from '../oauth/index.ts';
import { type BrowserSessionRow, currentBrowserSession } from '../sessions/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import type { AuthorizeRequest, Proven } from './attempt.ts';
import { confirmPage } from './confirm.ts';
import { InvalidRedirectUri, UnknownClient } from './errors.ts';
import { hrefOf } from './go-to.ts';
import { nextStep } from './next-step.ts';
import { acceptRedirect } from './redirects.ts';
import { type AppError, answerUrl, rawState, readAuthorizeRequest, type WantedSignIn } from './request.ts';
import { startAttempt } from './start.ts';

/** It is kept with the attempt, which anybody may begin; SDKs send up to 2.5 KB. */
const maxStateLength = 16 * 1024;

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
  const authorization: AuthorizeRequest = {
    redirectUri,
    state,
    codeChallenge: wanted.codeChallenge,
    screenHint: wanted.screenHint,
    loginHint: wanted.loginHint,
    isOnSharedGround,
    mayAlwaysSignUp: false,
    asksAgain: asksAgain(wanted),
    uiLocales: wanted.uiLocales,
  };
  const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
  const known = await findKnown(services, client, tenant, authorization, wanted, request);
  if (known?.step === 'complete') return signOnSilently(services, client, tenant, authorization, known.session);
  if (wanted.prompts.includes('none')) {
    const error = known ? 'interaction_required' : 'login_required';
    const why = known ? 'The person has to agree to where the sign-in goes' : 'The person is not signed in';
    return refuse(redirectUri, { error, description: `${why}, and prompt=none forbids asking.` }, state);
  }
  if (known) return confirmFirst(services, client, authorization, known, request);
  const { open, cookies } = await startAttempt(services, client, authorization, request);
  return reply.redirect(hrefOf(wanted.screenHint === 'sign-up' ? '/sign-up' : '/sign-in', open.attempt), { cookies });
}

async function clientOf(services: Services, clientId: unknown): Promise<Client> {
  const client = typeof clientId === 'string' ? await findClient(services, clientId) : null;
  if (client) return client;
  throw new UnknownClient({
    heading: 'errors.unknownClient',
    message: clientId === undefined ? 'errors.unknownClientNone' : 'errors.unknownClientId',
    advice: 'errors.unknownClientAdvice',
  });
}

function redirectUriOf(presented: unknown, client: Client): string {
  if (typeof presented === 'string' && presented !== '') return presented;
  throw new InvalidRedirectUri({
    heading: 'errors.redirect',
    message: presented === undefined || presented === '' ? 'errors.redirectNone' : 'errors.redirectTwice',
    advice: 'errors.redirectOnce',
    clientId: client.clientId,
  });
}

const refuse = (redirectUri: string, { error, description }: AppError, state: string | null): Reply =>
  reply.redirect(answerUrl(redirectUri, { error, error_description: description }, state));

/** Whether the app wants a new proof of the person (OpenID Connect Core section 3.1.2.1), or one no older than this. */
const asksAgain = (wanted: WantedSignIn): boolean => demandsProof(wanted) || wanted.maxAge !== null;

const demandsProof = ({ prompts }: WantedSignIn): boolean =>
  prompts.some((prompt) => prompt === 'login' || prompt === 'select_account');

/** Whether the sign-in that is there already answers what the app asks. */
function suffices(session: BrowserSessionRow, wanted: WantedSignIn, at: Date): boolean {
  if (demandsProof(wanted) || wanted.screenHint === 'sign-up') return false;
  return wanted.maxAge === null || at.getTime() - session.authenticatedAt.getTime() < wanted.maxAge * 1000;
}

interface Known {
  readonly session: BrowserSessionRow;
  readonly user: UserRow;
  readonly step: 'complete' | 'confirm_redirect';
}

/**
 * The person this browser has signed in already, where that is enough. Policy may have changed since, or the address:
 * `nextStep` is asked here like anywhere else, and whatever is missing is a sign-in from the start.
 */
async function findKnown(
  services: Services,
  { environment }: Client,
  tenant: Tenant,
  authorization: AuthorizeRequest,
  wanted: WantedSignIn,
  request: RequestInfo,
): Promise<Known | null> {
  const session = await currentBrowserSession(services, tenant, environment, request);
  if (!session || !suffices(session, wanted, services.now())) return null;
  const user = await findUser(services.db, tenant, session.userId);
  if (!user) return null;
  const attempt = { email: user.email, proven: provenBy(session), signUp: null, request: authorization };
  const step = nextStep(attempt, user, environment.settings);
  return step === 'complete' || step === 'confirm_redirect' ? { session, user, step } : null;
}

const provenBy = (session: BrowserSessionRow): Proven => ({ password: session.authenticatedAt.getTime() });

async function signOnSilently(
  services: Services,
  client: Client,
  tenant: Tenant,
  wanted: AuthorizeRequest,
  session: BrowserSessionRow,
): Promise<Reply> {
  const code = newSecret();
  await services.db.transaction((tx) =>
    issueCode(services, tx, tenant, code, {
      client,
      redirectUri: wanted.redirectUri,
      userId: session.userId,
      browserSessionId: session.id,
      organizationId: null,
      authenticationMethod: session.authenticationMethod,
      authenticatedAt: session.authenticatedAt,
      codeChallenge: wanted.codeChallenge,
      needsClientSecret: wanted.isOnSharedGround,
    }),
  );
  return reply.redirect(answerUrl(wanted.redirectUri, { code: code.reveal() }, wanted.state));
}

/** The address could be a stranger's, so the person sees its name and clicks, signed in or not. */
async function confirmFirst(
  services: Services,
  client: Client,
  wanted: AuthorizeRequest,
  { user, session }: Known,
  request: RequestInfo,
): Promise<Reply> {
  const known = { email: user.email, userId: user.id, proven: provenBy(session) };
  const { open, cookies } = await startAttempt(services, client, wanted, request, known);
  return confirmPage(open, { cookies });
}
