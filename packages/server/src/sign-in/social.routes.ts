import { z } from 'zod';
import {
  anyone,
  type Reply,
  type RequestInfo,
  type Route,
  RouteNotFound,
  reply,
  route,
  type Services,
} from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import {
  attemptIdOf,
  callbackUrl,
  descriptionOf,
  endTrip,
  findOffered,
  isSocialProvider,
  providerOfSlug,
} from '../social/index.ts';
import { PageError } from '../texts/index.ts';
import { advance, catchUp } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { leavingPage } from './pages/index.ts';
import { acceptRedirect } from './redirects.ts';
import { type AppError, answerUrl } from './request.ts';
import { formRoute } from './routes-of.ts';
import { arrive, type Return, recordOutcome, urlOfProvider } from './social.ts';
import { tellEmailRoutes } from './tell-email.routes.ts';
import { attemptPage } from './view.ts';

/** An answer of a provider that belongs to no sign-in of this browser. */
class SocialAnswerLost extends PageError {
  static override readonly code = 'social_answer_lost';
}

const leave = formRoute(
  {
    operationId: 'submitSocial',
    path: '/sign-in/social',
    summary: 'Go on with an account elsewhere',
    step: 'social',
    body: { provider: text },
    status: 200,
  },
  async (open, services, { body }) => {
    const { provider } = body;
    if (!isSocialProvider(provider)) return goTo('/sign-in', open.attempt);
    const loginHint = open.attempt.email ?? open.attempt.request.loginHint;
    const url = await urlOfProvider(services, open, provider, { loginHint });
    if (!(url instanceof URL)) return backTo(open, provider, url === 'not_offered' ? 'not_offered' : 'failed');
    // Only the simulated ones are at home here, and a redirect is enough.
    if (url.origin === new URL(services.config.publicUrl).origin) return reply.redirect(url.href, { status: 303 });
    const { label } = descriptionOf(provider);
    return attemptPage(open, (view) => leavingPage({ ...view, provider: label, url: url.href }));
  },
  (open) => goTo('/sign-in', open.attempt),
);

const callbackPath = '/sso/oauth/{provider}/callback';
const params = z.object({ provider: z.string().max(32) });

const callback = route(
  {
    operationId: 'socialCallback',
    method: 'GET',
    path: callbackPath,
    summary: 'Where providers send people back to',
    auth: anyone('a browser navigation; state, cookie and the redeemed code say whose'),
    params,
    query: z.record(z.string(), z.unknown()),
    returns: { status: 303 },
    errors: [...signInErrors, SocialAnswerLost, RouteNotFound],
    page: true,
  },
  async ({ params: at, request }, services) => {
    const provider = providerAt(at.provider, request);
    const parameters = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    const attemptId = attemptIdOf(parameters.get('state') ?? '');
    if (attemptId === null) {
      throw new SocialAnswerLost({
        heading: 'social.lostHeading',
        message: 'social.lostWhy',
        advice: 'errors.signInFromApp',
      });
    }
    const open = await openAttempt(services, attemptId, request, { mayRepeat: true });
    if (open.attempt.finishedAt) return advance(services, open);
    return comeBack(services, open, provider, parameters, request);
  },
);

/** What an answer consists of, and nothing else that somebody put beside it. */
const answerParts = ['code', 'state', 'error', 'error_description', 'iss', 'user'];

const formCallback = route(
  {
    operationId: 'postSocialCallback',
    method: 'POST',
    path: callbackPath,
    summary: 'The same for providers that answer by a form',
    auth: anyone('it only redirects to itself: the cookies that count do not come with a form of another site'),
    params,
    body: z.record(z.string(), z.unknown()),
    returns: { status: 303 },
    errors: [...signInErrors, RouteNotFound],
    page: true,
    form: true,
  },
  async ({ params: at, body, request }, services) => {
    const provider = providerAt(at.provider, request);
    const description = descriptionOf(provider);
    if (description.parameters?.response_mode !== 'form_post') throw missing(request);
    const url = new URL(callbackUrl(services, description));
    for (const name of answerParts) {
      const value = body[name];
      if (typeof value === 'string') url.searchParams.set(name, value.slice(0, 4096));
    }
    return reply.redirect(url.href, { status: 303 });
  },
);

export const socialRoutes: readonly Route[] = [leave, callback, formCallback, ...tellEmailRoutes];

const missing = ({ method, url }: RequestInfo): RouteNotFound =>
  new RouteNotFound(`There is nothing at ${method} ${url.split('?', 1)[0]}.`);

function providerAt(slug: string, request: RequestInfo): SocialProvider {
  const provider = providerOfSlug(slug);
  if (!provider) throw missing(request);
  return provider;
}

async function comeBack(
  services: Services,
  open: OpenAttempt,
  provider: SocialProvider,
  parameters: URLSearchParams,
  request: RequestInfo,
): Promise<Reply> {
  const offered = await findOffered(services, open.tenant, open.client.environment, provider);
  const arrival = await endTrip(services, open.tenant, provider, offered, open.attempt.id, parameters);
  switch (arrival.outcome) {
    case 'identified': {
      if (!offered) return stranded(services, open, provider, 'not_offered', request);
      const moved = await arrive(services, open, offered, arrival, request);
      if (moved === 'closed') return stranded(services, open, provider, 'closed', request);
      return moved ? advance(services, moved) : catchUp(services, open);
    }
    case 'refused':
      return stranded(services, open, provider, 'refused', request);
    case 'unknown':
      return stranded(services, open, provider, 'lost', request);
    case 'failed':
      services.log.warn({ provider, reason: arrival.reason }, 'A sign-in at a provider failed');
      return stranded(services, open, provider, 'failed', request);
  }
}

const failures: Readonly<Record<Return, AppError>> = {
  refused: { error: 'access_denied', description: 'The person did not agree at the provider.' },
  failed: { error: 'oauth_failed', description: 'The provider could not sign the person in.' },
  lost: { error: 'oauth_failed', description: 'The answer of the provider came twice or too late.' },
  closed: { error: 'access_denied', description: 'The person has no account, and sign-up is closed.' },
  not_offered: { error: 'connection_invalid', description: 'The provider is switched off.' },
};

/** Back to where the journey began: our page with the reason, or the app that named the provider. */
async function stranded(
  services: Services,
  open: OpenAttempt,
  provider: SocialProvider,
  reason: Return,
  request: RequestInfo,
): Promise<Reply> {
  const { error, description } = failures[reason];
  await recordOutcome(services, open, request, { code: error, message: description });
  const { destination } = open.attempt.request;
  if (destination.kind !== 'app' || open.attempt.request.provider === null) return backTo(open, provider, reason);
  await acceptRedirect(services, open.client, destination.redirectUri);
  const answer = { error, error_description: description };
  return reply.redirect(answerUrl(destination.redirectUri, answer, destination.state), { status: 303 });
}

const backTo = ({ attempt }: OpenAttempt, provider: SocialProvider, reason: Return): Reply =>
  goTo('/sign-in', attempt, { social: reason, provider: descriptionOf(provider).slug });
