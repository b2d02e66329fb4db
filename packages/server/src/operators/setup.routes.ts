import { z } from 'zod';
import { plainRequest } from '../attempts/index.ts';
import {
  anyone,
  base62,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  type Services,
  sameText,
} from '../core/index.ts';
import {
  dashboardCallback,
  hrefOf,
  isSameOrigin,
  ourView,
  type SetupOwnerView,
  setupOwnerPage,
  signedOutPage,
  startAttempt,
} from '../sign-in/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { dashboardClient } from './dashboard-client.ts';
import { newState, setupCookie, stateCookieFor } from './dashboard-state.ts';
import { SetupClosed } from './errors.ts';
import { hasOwner, isSetupToken, setupToken } from './setup.ts';

const setupQuery = z.object({ token: z.string().max(128).default('') });

const csrfOf = ({ vault }: Services): string => base62(vault.mac('setup-csrf', setupToken({ vault })));

/** @throws {SetupClosed} when there is an owner, or the link is not ours */
async function assertOpen(services: Services, token: string): Promise<void> {
  if (await hasOwner(services)) {
    throw new SetupClosed({
      heading: 'errors.setupDone',
      message: 'errors.setupDoneWhy',
      restart: { label: 'signIn.signIn', url: '/dashboard/login' },
    });
  }
  if (isSetupToken(services, token)) return;
  throw new SetupClosed({
    heading: 'errors.setupLink',
    message: 'errors.setupLinkWhy',
    advice: 'errors.setupLinkAdvice',
  });
}

function page(
  services: Services,
  token: string,
  request: RequestInfo,
  shown: Pick<SetupOwnerView, 'email' | 'errors' | 'problem'> = {},
  status = 200,
): Reply {
  const action = `/dashboard/setup?token=${encodeURIComponent(token)}`;
  return reply.page(
    (nonce) => setupOwnerPage({ ...ourView(request, nonce), action, csrf: csrfOf(services), step: 'setup', ...shown }),
    { status },
  );
}

const show = route(
  {
    operationId: 'showSetup',
    method: 'GET',
    path: '/dashboard/setup',
    summary: 'The page of the first run',
    auth: anyone('the link carries a one-time secret'),
    query: setupQuery,
    returns: { status: 200 },
    errors: [SetupClosed],
    page: true,
  },
  async ({ query, request }, services) => {
    await assertOpen(services, query.token);
    return page(services, query.token, request);
  },
);

const submit = route(
  {
    operationId: 'submitSetup',
    method: 'POST',
    path: '/dashboard/setup',
    summary: 'Name the owner',
    auth: anyone('the link carries a one-time secret'),
    query: setupQuery,
    body: z.object({ csrf: z.string().max(128).default(''), email: z.string().max(2048).default('') }),
    returns: { status: 303 },
    errors: [SetupClosed],
    page: true,
    form: true,
  },
  async ({ query, body, request }, services) => {
    await assertOpen(services, query.token);
    if (!sameText(body.csrf, csrfOf(services)) || !isSameOrigin(services, request)) {
      return page(
        services,
        query.token,
        request,
        { email: body.email, problem: { message: 'common.formExpired' } },
        403,
      );
    }
    const email = normalizeEmail(body.email);
    if (email === null) {
      return page(
        services,
        query.token,
        request,
        { email: body.email, errors: { email: 'common.emailMalformed' } },
        422,
      );
    }
    const state = newState('/dashboard');
    const client = await dashboardClient(services);
    const wanted = {
      ...plainRequest,
      destination: {
        kind: 'app',
        redirectUri: dashboardCallback(services),
        state,
        codeChallenge: null,
        isOnSharedGround: false,
        stepUps: 'pages',
      },
      screenHint: 'sign-up',
      loginHint: email,
      mayAlwaysSignUp: true,
    } as const;
    const { open, cookies } = await startAttempt(services, client, wanted, request);
    return reply.redirect(hrefOf('/sign-up', open.attempt), {
      status: 303,
      cookies: [...cookies, stateCookieFor(state), { name: setupCookie, value: query.token, maxAgeSeconds: 3600 }],
    });
  },
);

const signedOut = route(
  {
    operationId: 'showDashboardSignedOut',
    method: 'GET',
    path: '/dashboard/signed-out',
    summary: 'The page after signing out of the dashboard',
    auth: anyone('it says nothing about anybody'),
    returns: { status: 200 },
    errors: [],
    page: true,
  },
  async ({ request }) =>
    reply.page((nonce) => signedOutPage({ ...ourView(request, nonce), signInUrl: '/dashboard/login' })),
);

export const setupRoutes: readonly Route[] = [show, submit, signedOut];
