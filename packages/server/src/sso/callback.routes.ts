import { z } from 'zod';
import { anyone, type Route, RouteNotFound, route } from '../core/index.ts';
import { findConnectionAnywhere } from './connections.store.ts';
import { RedirectGone, SignOnLost } from './errors.ts';
import { land } from './landing.ts';

const oidc = route(
  {
    operationId: 'oidcCallback',
    method: 'GET',
    path: '/sso/oidc/callback/{connection_id}',
    summary: 'Where an OpenID provider of an organization sends people back to',
    auth: anyone('a browser navigation; state and the redeemed code say whose'),
    params: z.object({ connection_id: z.string().max(128) }),
    query: z.record(z.string(), z.unknown()),
    returns: { status: 303 },
    errors: [RouteNotFound, SignOnLost, RedirectGone],
    page: true,
  },
  async ({ params, request }, services) => {
    const connection = await findConnectionAnywhere(services.db, params.connection_id);
    const parameters = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    // Two of them are none: whoever reads the other one would take it for the answer to another question.
    const [state = '', ...more] = parameters.getAll('state');
    if (!connection) throw lost();
    return land(services, connection, more.length > 0 ? '' : state, { protocol: 'oidc', parameters }, request);
  },
);

const lost = (): SignOnLost =>
  new SignOnLost({ heading: 'social.lostHeading', message: 'social.lostWhy', advice: 'errors.signInFromApp' });

export const callbackRoutes: readonly Route[] = [oidc];
