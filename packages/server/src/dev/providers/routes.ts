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
} from '../../core/index.ts';
import { servicesAt } from '../../environments/index.ts';
import { isSameOrigin } from '../../sign-in/index.ts';
import { assertAtThisMachine } from '../at-this-machine.ts';
import { choosePersona, showPersonas } from './authorize.ts';
import { discoveryDocument, type Endpoint, endpointAt, type Simulated, simulatedAt } from './endpoints.ts';
import { createGrants } from './grants.ts';
import { resource } from './resource.ts';
import { createSigning } from './signing.ts';
import { exchange } from './token.ts';

const auth = anyone('A server of somebody else, as it were: clients, codes and tokens are checked as OAuth has it.');
const params = z.object({ provider: z.string(), rest: z.string() });
const query = z.record(z.string(), z.unknown());

/** It answers to the server's own name, or to the domain that is asked for where an environment has that. */
async function askedFrom(services: Services, simulated: Simulated, redirectUri: unknown): Promise<Simulated> {
  const asked = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null;
  const { config } = await servicesAt(services, asked?.host);
  return { ...simulated, redirectUri: config.publicUrl + new URL(simulated.redirectUri).pathname };
}

/**
 * A provider of each kind, over HTTP, so that every button works on a machine without a network. Our side talks to them
 * with the code that talks to the real ones; only the base of the addresses differs.
 */
export function simulatedProviderRoutes(): readonly Route[] {
  const state = { grants: createGrants(), signing: createSigning() };

  const read = route(
    {
      operationId: 'readSimulatedProvider',
      method: 'GET',
      path: '/dev/providers/{provider}/{rest*}',
      summary: 'A simulated provider: its page, documents and API',
      auth,
      params,
      query,
      returns: { status: 200, body: z.unknown() },
      errors: [RouteNotFound, InvalidRequestParameters],
      internal: true,
    },
    async ({ query: sent, params: at, request }, services) => {
      const { simulated, endpoint } = find(services, at.provider, request);
      switch (endpoint) {
        case 'authorization':
          assertAtThisMachine(request, services);
          return showPersonas(await askedFrom(services, simulated, sent.redirect_uri), sent, request);
        case 'discovery':
          return reply.json(discoveryDocument(simulated));
        case 'jwks':
          return reply.json(await state.signing.jwks());
        case 'userInfo':
        case 'profile':
        case 'emails':
          return resource(simulated, endpoint, state.grants, request);
        default:
          throw missing(request);
      }
    },
  );

  const write = route(
    {
      operationId: 'postToSimulatedProvider',
      method: 'POST',
      path: '/dev/providers/{provider}/{rest*}',
      summary: 'A simulated provider: its form and its token endpoint',
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
      const { simulated, endpoint } = find(services, at.provider, request);
      switch (endpoint) {
        case 'authorization':
          assertAtThisMachine(request, services);
          if (!isSameOrigin(services, request)) throw new Forbidden('This form did not come from our page.');
          return choosePersona(
            await askedFrom(services, simulated, sent.redirect_uri),
            state.grants,
            sent,
            { persona: body.persona, email: body.email },
            request,
          );
        case 'token':
          return exchange(simulated, state, body, request);
        case 'userInfo':
          return resource(simulated, endpoint, state.grants, request);
        default:
          throw missing(request);
      }
    },
  );

  return [read, write];
}

function find(
  services: Services,
  slug: string,
  request: RequestInfo,
): { simulated: Simulated; endpoint: Endpoint | null } {
  const simulated = simulatedAt(services, slug);
  if (!simulated) throw missing(request);
  return { simulated, endpoint: endpointAt(simulated, request.url.split('?', 1)[0] ?? '') };
}

const missing = ({ method, url }: RequestInfo): RouteNotFound =>
  new RouteNotFound(`There is nothing at ${method} ${url.split('?', 1)[0]}.`);
