/** Signing in where nobody here asked: somebody opened the app from the portal of their identity provider. */
import { z } from 'zod';
import { plainRequest, type SignInRequest } from '../attempts/index.ts';
import {
  anyone,
  base62,
  type CookieToSet,
  minutes,
  newSecret,
  type Reply,
  type Route,
  reply,
  route,
  type Services,
  sameText,
  withCookies,
} from '../core/index.ts';
import { type Client, defaultRedirectUri, getEnvironment, listRedirectUris } from '../environments/index.ts';
import {
  type ConnectionRow,
  findActiveConnection,
  findWaitingAnswer,
  readWaitingAnswer,
  SignOnLost,
  type SignOnResult,
  takeAnswer,
  tenantOf,
} from '../sso/index.ts';
import { isSameOrigin } from './browser.ts';
import { ForgedForm, SignInEndpointMissing, signInErrors } from './errors.ts';
import { signOnConsentPage } from './pages/index.ts';
import { acceptRedirect } from './redirects.ts';
import { type AppError, answerUrl } from './request.ts';
import { receive } from './sso.routes.ts';
import { nameOfConnection } from './sso.ts';
import { startAttempt } from './start.ts';
import { sourceOf, viewOf } from './view.ts';

const path = '/sso/consent';
const ticketField = z.string().max(128).default('');
const errors = [...signInErrors, SignOnLost, SignInEndpointMissing];

/** Ties the form to the browser that it was shown in; the ticket alone is known to whoever posted the answer, too. */
const cookieName = 'authkit-sso-consent';
const csrfOf = ({ vault }: Services, secret: string, ticket: string): string =>
  base62(vault.mac('sso-consent-csrf', `${secret} ${ticket}`));

const consentCookie = (secret: string): CookieToSet => ({
  name: cookieName,
  value: secret,
  maxAgeSeconds: minutes(10) / 1000,
});

type Waiting = NonNullable<Awaited<ReturnType<typeof findWaitingAnswer>>>;

interface Unasked {
  readonly answer: Waiting;
  readonly connection: ConnectionRow;
  readonly client: Client;
  readonly result: Extract<SignOnResult, { outcome: 'identified' }>;
}

const lost = (): SignOnLost =>
  new SignOnLost({ heading: 'social.lostHeading', message: 'social.lostWhy', advice: 'errors.signInFromApp' });

/** @throws {SignOnLost} when it was taken, ran out, belongs to a sign-in that asked, or its connection is off */
async function openUnasked(services: Services, ticket: string): Promise<Unasked> {
  const answer = await findWaitingAnswer(services, ticket);
  const result = answer && answer.attemptId === null ? readWaitingAnswer(services, answer) : null;
  if (!answer || result?.outcome !== 'identified') throw lost();
  const { client } = await getEnvironment(services, answer.environmentId);
  const connection = await findActiveConnection(services.db, tenantOfAnswer(answer), answer.connectionId);
  if (!connection) throw lost();
  return { answer, connection, client, result };
}

const tenantOfAnswer = ({ environmentId, connectionId }: Waiting) =>
  tenantOf({ environmentId, id: connectionId, name: connectionId });

const show = route(
  {
    operationId: 'showSignOnConsent',
    method: 'GET',
    path,
    summary: 'Whether a sign-in that began at an identity provider was meant',
    auth: anyone('the ticket opens it, and looking signs nobody in'),
    query: z.object({ ticket: ticketField }),
    returns: { status: 200 },
    errors,
    page: true,
  },
  async ({ query: { ticket }, request }, services) => {
    const { connection, client, result } = await openUnasked(services, ticket);
    const secret = newSecret().reveal();
    const view = await viewOf(services, client, request);
    const provider = await nameOfConnection(services, tenantOf(connection), connection);
    const form = { action: path, csrf: csrfOf(services, secret, ticket), step: 'sso_consent', ticket };
    const { email, subject } = result.assertion;
    return reply.page(
      (nonce) => signOnConsentPage({ ...view(nonce), here: null, form, provider, email: email ?? subject }),
      { cookies: [consentCookie(secret)], formTargets: await targetsOf(services, client) },
    );
  },
);

const submit = route(
  {
    operationId: 'submitSignOnConsent',
    method: 'POST',
    path,
    summary: 'Go on with a sign-in that began at an identity provider, or not',
    auth: anyone('the form carries the ticket, and proves the browser it was shown in'),
    body: z.object({
      csrf: z.string().max(128).default(''),
      ticket: ticketField,
      choice: z.string().max(16).default(''),
    }),
    returns: { status: 303 },
    errors,
    page: true,
    form: true,
  },
  async ({ body: { csrf, ticket, choice }, request }, services) => {
    const { answer, connection, client } = await openUnasked(services, ticket);
    const secret = request.cookie(cookieName);
    if (secret === null || !sameText(csrf, csrfOf(services, secret, ticket)) || !isSameOrigin(services, request)) {
      throw new ForgedForm({
        heading: 'errors.forgedForm',
        message: 'errors.forgedFormWhy',
        advice: 'errors.forgedFormAdvice',
        clientId: client.clientId,
      });
    }
    const wanted = choice === 'cancel' ? null : await requestFor(services, client, connection);
    const result = await takeAnswer(services, tenantOf(connection), answer);
    if (!result) throw lost();
    if (!wanted) return denied(services, client);
    const { open, cookies } = await startAttempt(services, client, wanted, request);
    return withCookies(await receive(services, open, connection, result, request), cookies);
  },
);

export const signOnConsentRoutes: readonly Route[] = [show, submit];

/**
 * Where it leads: the app begins a sign-in of its own, as one whose callback gets a code it did not ask for refuses it, and
 * finds the person signed in here. Without a sign-in endpoint the app gets its code where it gets them by default.
 *
 * @throws {SignInEndpointMissing} when there is neither
 */
async function requestFor(
  services: Services,
  client: Client,
  { organizationId }: ConnectionRow,
): Promise<SignInRequest> {
  if (client.signInEndpoint !== null) {
    const query = new URLSearchParams({ client_id: client.clientId, organization_id: organizationId });
    return {
      ...plainRequest,
      organizationId,
      destination: { kind: 'page', path: `/sign-in?${query}`, isForApp: true },
    };
  }
  const redirectUri = await defaultRedirectUri(services, client);
  if (redirectUri === null) throw nowhere(client);
  const { isOnSharedGround } = await acceptRedirect(services, client, redirectUri);
  return {
    ...plainRequest,
    organizationId,
    destination: { kind: 'app', redirectUri, state: null, codeChallenge: null, isOnSharedGround, stepUps: 'pages' },
  };
}

const nowhere = ({ clientId }: Client): SignInEndpointMissing =>
  new SignInEndpointMissing({
    heading: 'errors.noEndpoint',
    message: 'errors.noEndpointWhy',
    advice: 'errors.noEndpointAdvice',
    clientId,
  });

const refusal: AppError = {
  error: 'signin_consent_denied',
  description: 'The person did not want to be signed in from the identity provider.',
};

/** The app hears that it was not meant. */
async function denied(services: Services, client: Client): Promise<Reply> {
  const redirectUri = await defaultRedirectUri(services, client);
  if (redirectUri === null) throw nowhere(client);
  await acceptRedirect(services, client, redirectUri);
  const { error, description } = refusal;
  const answer = { error, error_description: description };
  return reply.redirect(answerUrl(redirectUri, answer, null), { status: 303 });
}

/** Browsers hold `form-action` against every hop after the form, and the app begins a sign-in to wherever it likes. */
async function targetsOf(services: Services, client: Client): Promise<string[]> {
  const all = [...(await listRedirectUris(services, client)), client.signInEndpoint];
  return [...new Set(all.flatMap((url) => (url === null ? [] : [sourceOf(url)])))];
}
