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
import { findUser } from '../users/index.ts';
import type { AuthorizeRequest } from './attempt.ts';
import { confirmPage } from './confirm.ts';
import { InvalidRedirectUri, UnknownClient } from './errors.ts';
import { hrefOf } from './go-to.ts';
import { acceptRedirect } from './redirects.ts';
import { type AppError, answerUrl, rawState, readAuthorizeRequest, type WantedSignIn } from './request.ts';
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
  };
  const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
  const session = await currentBrowserSession(services, tenant, client.environment, request);
  if (session && suffices(session, wanted, services.now())) {
    return isOnSharedGround
      ? confirmFirst(services, client, tenant, authorization, session, request)
      : signOnSilently(services, client, tenant, authorization, session);
  }
  if (wanted.prompt === 'none') {
    return refuse(
      redirectUri,
      { error: 'login_required', description: 'The person is not signed in, and prompt=none forbids asking.' },
      state,
    );
  }
  const { open, cookies } = await startAttempt(services, client, authorization, request);
  return reply.redirect(hrefOf(wanted.screenHint === 'sign-up' ? '/sign-up' : '/sign-in', open.attempt), { cookies });
}

async function clientOf(services: Services, clientId: unknown): Promise<Client> {
  const client = typeof clientId === 'string' ? await findClient(services, clientId) : null;
  if (client) return client;
  throw new UnknownClient({
    heading: 'We do not know this app',
    message:
      clientId === undefined
        ? 'The address that brought you here has no client_id.'
        : 'Its client ID is not one of ours.',
    advice: 'If you build this app: compare its client ID with the one on the API keys page of the dashboard.',
  });
}

function redirectUriOf(presented: unknown, client: Client): string {
  if (typeof presented === 'string' && presented !== '') return presented;
  throw new InvalidRedirectUri({
    heading: 'We cannot send you back to this app',
    message:
      presented === undefined || presented === ''
        ? 'It did not say where to return to.'
        : 'It said more than once where to return to.',
    advice: 'If you build this app: send one redirect_uri.',
    clientId: client.clientId,
  });
}

const refuse = (redirectUri: string, { error, description }: AppError, state: string | null): Reply =>
  reply.redirect(answerUrl(redirectUri, { error, error_description: description }, state));

/** Whether the sign-in that is there already answers what the app asks (OpenID Connect Core section 3.1.2.1). */
function suffices(session: BrowserSessionRow, { prompt, maxAge, screenHint }: WantedSignIn, at: Date): boolean {
  if (prompt === 'login' || prompt === 'select_account' || screenHint === 'sign-up') return false;
  return maxAge === null || at.getTime() - session.authenticatedAt.getTime() < maxAge * 1000;
}

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
  tenant: Tenant,
  wanted: AuthorizeRequest,
  session: BrowserSessionRow,
  request: RequestInfo,
): Promise<Reply> {
  const user = await findUser(services.db, tenant, session.userId);
  const at = session.authenticatedAt.getTime();
  const known = { email: user?.email ?? null, userId: session.userId, proven: { password: at, emailCode: at } };
  const { open, cookies } = await startAttempt(services, client, wanted, request, known);
  return confirmPage(open, { cookies });
}
