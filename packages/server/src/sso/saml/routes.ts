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
} from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';
import { protocolOf } from '../connection.ts';
import { findConnectionAnywhere } from '../connections.store.ts';
import { RedirectGone, SignOnLost } from '../errors.ts';
import { land, sendBack } from '../landing.ts';
import { tenantOf } from '../trips.ts';
import { isSolicited, readUnsolicited, spMetadata } from './index.ts';
import { keysOf } from './keys.ts';

const params = z.object({ connection_id: z.string().max(128) });

const acs = route(
  {
    operationId: 'samlAcs',
    method: 'POST',
    path: '/sso/saml/acs/{connection_id}',
    summary: 'Where a SAML provider of an organization posts its answers',
    description:
      'The form comes from another site, so no cookie comes with it: it only leads on to a page of ours, whose cookies do.',
    auth: anyone('a browser brings it from the provider; the signature says whose it is, the next page whose browser'),
    params,
    body: z.object({ SAMLResponse: z.string().default(''), RelayState: z.string().max(1024).default('') }),
    returns: { status: 303 },
    errors: [RouteNotFound, SignOnLost, RedirectGone],
    page: true,
    form: true,
  },
  async ({ params: at, body: { SAMLResponse: response, RelayState: state }, request }, services) => {
    const connection = await samlConnection(services, at.connection_id, request);
    if (!isSolicited(response)) return landUnasked(services, connection, response);
    return land(services, connection, state, { protocol: 'saml', response }, request);
  },
);

/** Nobody here asked, so a person has to say that they did. Where the provider wants them to go then is not asked. */
async function landUnasked(services: Services, connection: ConnectionRow, response: string): Promise<Reply> {
  const result = await readUnsolicited(services, connection, response);
  if (result.outcome === 'failed') {
    services.log.warn(
      { connectionId: connection.id, reason: result.reason },
      'A sign-on that began at a provider failed',
    );
    throw new SignOnLost({ heading: 'social.lostHeading', message: 'social.lostWhy', advice: 'errors.signInFromApp' });
  }
  return sendBack(services, connection, null, result);
}

const metadata = route(
  {
    operationId: 'samlMetadata',
    method: 'GET',
    path: '/sso/saml/metadata/{connection_id}',
    summary: 'What a SAML provider reads about us',
    description: 'Our entity ID is the address of this document.',
    auth: anyone('it says where answers go, which whoever sends one has to know'),
    params,
    returns: { status: 200, description: 'SAML metadata, as XML.' },
    errors: [RouteNotFound],
  },
  async ({ params: at, request }, services) => {
    const connection = await samlConnection(services, at.connection_id, request);
    const keys = await keysOf(services, tenantOf(connection), connection);
    const certificates = keys.map(({ certificate }) => certificate);
    return reply.text(spMetadata(services, connection, certificates), 'application/samlmetadata+xml; charset=utf-8');
  },
);

async function samlConnection(services: Services, id: string, { method, url }: RequestInfo): Promise<ConnectionRow> {
  const connection = await findConnectionAnywhere(services.db, id);
  if (connection && protocolOf(connection) === 'saml') return connection;
  throw new RouteNotFound(`There is nothing at ${method} ${url.split('?', 1)[0]}.`);
}

export const samlRoutes: readonly Route[] = [acs, metadata];
