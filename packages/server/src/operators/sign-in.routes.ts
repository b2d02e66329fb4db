import { z } from 'zod';
import {
  anyone,
  authenticatedTenant,
  newSecret,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  Secret,
  type Services,
  sameText,
  sha256,
  signedInOperator,
} from '../core/index.ts';
import { redeemCode } from '../oauth/index.ts';
import { revokeSession, type SessionRow } from '../sessions/index.ts';
import { dashboardCallback } from '../sign-in/index.ts';
import { operatorCookie } from './authenticate.ts';
import { dashboardClient } from './dashboard-client.ts';
import { DashboardSignInFailed, NotAnOperator } from './errors.ts';
import { isSetupToken } from './setup.ts';
import {
  claimInstallation,
  deleteOperatorSession,
  findOperator,
  findOperatorSession,
  insertOperatorSession,
} from './store.ts';

/** Ties the answer to the browser that asked; ten minutes, like the attempt. */
const stateCookie = 'authkit-dashboard-state';
/** Holds the set-up token while its holder signs up. */
export const setupCookie = 'authkit-setup';
const shortSeconds = 600;

/** A path of the dashboard, or its start: never an address of somebody else. */
const returnPath = (path: string | undefined): string =>
  path !== undefined &&
  /^\/dashboard([/?][A-Za-z0-9_\-./?=&%+~*]*)?$/.test(path) &&
  !path.includes('//') &&
  !path.includes('..')
    ? path
    : '/dashboard';

const start = route(
  {
    operationId: 'startDashboardSignIn',
    method: 'GET',
    path: '/dashboard/login',
    summary: 'Sign in to the dashboard',
    auth: anyone('operators sign in here'),
    query: z.object({
      return_to: z.string().max(512).optional(),
      fresh: z.string().max(8).optional().describe('Ask for the password again, signed in or not.'),
    }),
    returns: { status: 302 },
    errors: [],
    page: true,
  },
  async ({ query, request }, services) => {
    const client = await dashboardClient(services);
    const state = `${newSecret().reveal()}.${Buffer.from(returnPath(query.return_to)).toString('base64url')}`;
    const again = query.fresh === '1' ? `&prompt=login${await loginHint(services, request)}` : '';
    return reply.redirect(authorizeUrl(services, client.clientId, state) + again, {
      cookies: [{ name: stateCookie, value: state, maxAgeSeconds: shortSeconds }],
    });
  },
);

/** Whoever confirms that it is them has told us their address before (WCAG 2.2 success criterion 3.3.7). */
async function loginHint({ db, now }: Services, request: RequestInfo): Promise<string> {
  const token = request.cookie(operatorCookie);
  const session = token === null ? null : await findOperatorSession(db, sha256(token), now());
  return session === null ? '' : `&login_hint=${encodeURIComponent(session.email)}`;
}

/** What the set-up link and the sign-in link have in common: our own authorization endpoint, like any app. */
export function authorizeUrl(services: Services, clientId: string, state: string): string {
  const callback = encodeURIComponent(dashboardCallback(services));
  return `/user_management/authorize?response_type=code&provider=authkit&client_id=${clientId}&redirect_uri=${callback}&state=${state}`;
}

export const stateCookieFor = (state: string) => ({ name: stateCookie, value: state, maxAgeSeconds: shortSeconds });

const callback = route(
  {
    operationId: 'finishDashboardSignIn',
    method: 'GET',
    path: '/dashboard/callback',
    summary: 'Come back from the hosted pages to the dashboard',
    auth: anyone('the code is the credential'),
    query: z.object({
      code: z.string().max(256).optional(),
      state: z.string().max(2048).optional(),
      error: z.string().max(256).optional(),
    }),
    returns: { status: 302 },
    errors: [DashboardSignInFailed, NotAnOperator],
    page: true,
  },
  async ({ query, request }, services) => {
    const expected = request.cookie(stateCookie);
    if (query.code === undefined || expected === null || !sameText(expected, query.state ?? '')) throw failed();
    const session = await redeem(services, query.code, request);
    const token = newSecret();
    if (!(await admit(services, session, token, request))) throw stranger();
    return intoDashboard(token, expected.split('.')[1] ?? '');
  },
);

const failed = (): DashboardSignInFailed =>
  new DashboardSignInFailed({
    heading: 'That sign-in did not work',
    message: 'It was begun in another browser, took too long, or its answer came twice.',
    advice: 'Start again; it takes a moment.',
    restart: { label: 'Sign in', url: '/dashboard/login' },
  });

const stranger = (): NotAnOperator =>
  new NotAnOperator({
    heading: 'You have no access to this dashboard',
    message: 'Your account exists, but it is not one of an administrator.',
    advice: 'Ask the owner of this installation.',
  });

async function redeem(services: Services, code: string, request: RequestInfo): Promise<SessionRow> {
  const client = await dashboardClient(services);
  const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
  const result = await redeemCode(services, tenant, {
    code: new Secret(code),
    client,
    isConfidential: true,
    codeVerifier: null,
    ipAddress: request.ip,
    userAgent: request.userAgent,
  });
  if (result.outcome !== 'redeemed') throw failed();
  return result.session;
}

/** Operators come in; so does the first person with the set-up token, who becomes the owner by it. */
async function admit(services: Services, session: SessionRow, token: Secret, request: RequestInfo): Promise<boolean> {
  const holdsSetupToken = isSetupToken(services, request.cookie(setupCookie) ?? '');
  return services.db.transaction(async (tx) => {
    const at = services.now();
    const isOperator = (await findOperator(tx, session.userId)) !== null;
    if (!isOperator && !(holdsSetupToken && (await claimInstallation(tx, session.userId, at)))) return false;
    // Signing in again is a new session: the cookie of the one before works no more, wherever it has got to.
    const before = request.cookie(operatorCookie);
    if (before !== null) await deleteOperatorSession(tx, sha256(before));
    await insertOperatorSession(tx, token.hash(), session.id, session.userId, at);
    return true;
  });
}

function intoDashboard(token: Secret, encodedPath: string): Reply {
  return reply.redirect(returnPath(Buffer.from(encodedPath, 'base64url').toString()), {
    cookies: [
      { name: operatorCookie, value: token.reveal(), sameSite: 'strict' },
      { name: stateCookie, value: '' },
      { name: setupCookie, value: '' },
    ],
  });
}

const signOut = route(
  {
    operationId: 'signOutOfDashboard',
    method: 'POST',
    path: '/dashboard/api/sign_out',
    summary: 'Sign out of the dashboard',
    auth: signedInOperator(),
    returns: { status: 200, body: z.object({ redirect_to: z.string() }) },
    errors: [],
    internal: true,
  },
  async ({ operator }, services) => {
    const client = await dashboardClient(services);
    const tenant = authenticatedTenant(client.environment.id, {
      type: 'operator',
      id: operator.id,
      name: operator.email,
    });
    await services.db.transaction((tx) => revokeSession(services, tx, tenant, operator.sessionId, 'signed_out'));
    return reply.json(
      { redirect_to: '/dashboard/signed-out' },
      { cookies: [{ name: operatorCookie, value: '', sameSite: 'strict' }] },
    );
  },
);

export const operatorSignInRoutes: readonly Route[] = [start, callback, signOut];
