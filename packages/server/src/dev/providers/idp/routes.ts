import { z } from 'zod';
import {
  anyone,
  Forbidden,
  InvalidRequestParameters,
  type RequestInfo,
  type Route,
  RouteNotFound,
  reply,
  route,
  type Services,
  systemTenant,
} from '../../../core/index.ts';
import { selectDomainsOf } from '../../../organizations/index.ts';
import { isSameOrigin } from '../../../sign-in/index.ts';
import { type ConnectionRow, findConnectionAnywhere, simulatedSaml } from '../../../sso/index.ts';
import { assertAtThisMachine } from '../../at-this-machine.ts';
import { choosePersona, showPersonas } from '../authorize.ts';
import { discoveryDocument, endpointAt } from '../endpoints.ts';
import { createGrants } from '../grants.ts';
import { resource } from '../resource.ts';
import { createSigning } from '../signing.ts';
import { exchange } from '../token.ts';
import { simulatedOidc } from './oidc.ts';
import { chooseEmployee, samlMetadata, showEmployees } from './saml.ts';
import { samlKeyIn } from './saml-key.ts';

const auth = anyone(
  'A server of somebody else, as it were: clients, codes, tokens and requests are checked as theirs would.',
);
const path = '/dev/providers/idp/{connection}/{rest*}';
const params = z.object({ connection: z.string().max(64), rest: z.string() });
const query = z.record(z.string(), z.unknown());

/**
 * The identity provider of each connection, over HTTP, in both protocols. Which of the two a connection speaks is for the
 * connection to say; how to reach them is copied into it like anybody's.
 *
 * @param dataDir - see `samlKeyIn`
 */
export function simulatedIdentityProviderRoutes(dataDir: string | null): readonly Route[] {
  const state = { grants: createGrants(), signing: createSigning(), samlKey: samlKeyIn(dataDir) };

  const read = route(
    {
      operationId: 'readSimulatedIdentityProvider',
      method: 'GET',
      path,
      summary: 'A simulated identity provider of an organization: its pages and documents',
      auth,
      params,
      query,
      returns: { status: 200, body: z.unknown() },
      errors: [RouteNotFound, InvalidRequestParameters],
      internal: true,
    },
    async ({ query: sent, params: at, request }, services) => {
      const { oidc, saml } = await find(services, at.connection, request);
      const pathname = pathOf(request);
      const { entityId, signOnUrl, startUrl } = samlPaths(services, saml.connection);
      switch (pathname) {
        case entityId:
          return samlMetadata(saml, await state.samlKey(services.now()));
        case signOnUrl:
        case startUrl:
          assertAtThisMachine(request, services);
          return showEmployees(saml, pathname === startUrl ? null : sent, request);
      }
      switch (endpointAt(oidc, pathname)) {
        case 'authorization':
          assertAtThisMachine(request, services);
          return showPersonas(oidc, sent, request);
        case 'discovery':
          return reply.json(discoveryDocument(oidc));
        case 'jwks':
          return reply.json(await state.signing.jwks());
        case 'userInfo':
          return resource(oidc, 'userInfo', state.grants, request);
        default:
          throw missing(request);
      }
    },
  );

  const write = route(
    {
      operationId: 'postToSimulatedIdentityProvider',
      method: 'POST',
      path,
      summary: 'A simulated identity provider of an organization: its forms and its token endpoint',
      auth,
      params,
      query,
      body: z.record(z.string(), z.unknown()),
      returns: { status: 200, body: z.unknown() },
      errors: [RouteNotFound, Forbidden, InvalidRequestParameters],
      internal: true,
      form: true,
    },
    async ({ query: sent, params: at, body, request }, services) => {
      const { oidc, saml } = await find(services, at.connection, request);
      const pathname = pathOf(request);
      const { signOnUrl, startUrl } = samlPaths(services, saml.connection);
      const choice = { persona: body.persona, email: body.email };
      if (pathname === signOnUrl || pathname === startUrl) {
        assertOwnForm(services, request);
        const key = await state.samlKey(services.now());
        return chooseEmployee(saml, key, pathname === startUrl ? null : sent, choice, request);
      }
      switch (endpointAt(oidc, pathname)) {
        case 'authorization':
          assertOwnForm(services, request);
          return choosePersona(oidc, state.grants, sent, choice, request);
        case 'token':
          return exchange(oidc, state, body, request);
        case 'userInfo':
          return resource(oidc, 'userInfo', state.grants, request);
        default:
          throw missing(request);
      }
    },
  );

  return [read, write];
}

async function find(services: Services, id: string, request: RequestInfo) {
  const connection = await findConnectionAnywhere(services.db, id);
  if (!connection) throw missing(request);
  const domain = await domainOf(services, connection);
  return { oidc: simulatedOidc(services, connection, domain), saml: { services, connection, domain } };
}

/** Whose people these are; a domain that was proved comes first. */
async function domainOf({ db }: Services, { environmentId, organizationId }: ConnectionRow): Promise<string | null> {
  const domains = await selectDomainsOf(db, systemTenant(environmentId), [organizationId]);
  const verified = domains.find(({ state }) => state === 'verified');
  return (verified ?? domains[0])?.domain ?? null;
}

const samlPaths = (services: Services, connection: ConnectionRow) => {
  const { entityId, signOnUrl, startUrl } = simulatedSaml(services, connection);
  const path = (url: string): string => new URL(url).pathname;
  return { entityId: path(entityId), signOnUrl: path(signOnUrl), startUrl: path(startUrl) };
};

function assertOwnForm(services: Services, request: RequestInfo): void {
  assertAtThisMachine(request, services);
  if (!isSameOrigin(services, request)) throw new Forbidden('This form did not come from our page.');
}

const pathOf = ({ url }: RequestInfo): string => url.split('?', 1)[0] ?? '';

const missing = (request: RequestInfo): RouteNotFound =>
  new RouteNotFound(`There is nothing at ${request.method} ${pathOf(request)}.`);
