import { z } from 'zod';
import {
  anyone,
  authenticatedTenant,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  type Secret,
  type Services,
  sameText,
  sha256,
  signedInOperator,
} from '../core/index.ts';
import { revokeSession } from '../sessions/index.ts';
import { dashboardCallback } from '../sign-in/index.ts';
import { admitOperator, signInFailed } from './admit-operator.ts';
import { operatorCookie } from './authenticate.ts';
import { dashboardClient } from './dashboard-client.ts';
import { newState, pathOf, setupCookie, stateCookie, stateCookieFor } from './dashboard-state.ts';
import { DashboardSignInFailed, NotAnOperator } from './errors.ts';
import { findOperatorSession } from './store.ts';

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
    const state = newState(query.return_to);
    const again = query.fresh === '1' ? `&prompt=login${await loginHint(services, request)}` : '';
    return reply.redirect(authorizeUrl(services, client.clientId, state) + again, {
      cookies: [stateCookieFor(state)],
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
function authorizeUrl(services: Services, clientId: string, state: string): string {
  const callback = encodeURIComponent(dashboardCallback(services));
  return `/user_management/authorize?response_type=code&provider=authkit&client_id=${clientId}&redirect_uri=${callback}&state=${state}`;
}

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
    if (query.code === undefined || expected === null || !sameText(expected, query.state ?? '')) throw signInFailed();
    return intoDashboard(await admitOperator(services, query.code, request), pathOf(expected));
  },
);

function intoDashboard(token: Secret, path: string): Reply {
  return reply.redirect(path, {
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
