import { z } from 'zod';
import {
  anyone,
  Forbidden,
  InvalidRequestParameters,
  type Reply,
  type RequestInfo,
  type Route,
  RouteNotFound,
  reply,
  route,
  type Services,
} from '../../core/index.ts';
import { isSameOrigin } from '../../sign-in/index.ts';
import { assertAtThisMachine } from '../at-this-machine.ts';
import { choosePersona, showPersonas } from './authorize.ts';
import { discoveryDocument, endpointAt, type Simulated } from './endpoints.ts';
import { createGrants } from './grants.ts';
import { resource } from './resource.ts';
import { createSigning } from './signing.ts';
import { exchange } from './token.ts';

export type Sent = Readonly<Record<string, unknown>>;
export interface Choice {
  readonly persona: unknown;
  readonly email: unknown;
}

/** An address that a server has beside those of OAuth: a page where a tester says who comes back, or a document. */
export type OtherEndpoint =
  | { readonly kind: 'document'; read(): Promise<Reply> }
  | {
      readonly kind: 'page';
      show(sent: Sent, request: RequestInfo): Promise<Reply>;
      choose(sent: Sent, choice: Choice, request: RequestInfo): Promise<Reply>;
    };

export interface SimulatedServer {
  readonly simulated: Simulated;
  otherAt?(pathname: string): OtherEndpoint | null;
}

interface Definition<P> {
  /** Ends the names of its operations. */
  readonly name: string;
  /** In words, for the summaries. */
  readonly label: string;
  readonly path: string;
  readonly params: z.ZodType<P>;
  /** Null: nobody has that name. */
  find(services: Services, params: P, sent: Sent): Promise<SimulatedServer | null>;
}

const auth = anyone(
  'A server of somebody else, as it were: clients, codes, tokens and requests are checked as theirs would.',
);
const query = z.record(z.string(), z.unknown());

/**
 * The two routes of simulated servers of one kind: which server it is and what it has besides is theirs to say, the
 * endpoints of OAuth and OpenID Connect are the same for all. Pages for people are shown at this machine only.
 */
export function providerRoutes<P>({ name, label, path, params, find }: Definition<P>): readonly Route[] {
  const state = { grants: createGrants(), signing: createSigning() };
  const shared = { path, auth, params, query, returns: { status: 200, body: z.unknown() }, internal: true } as const;

  async function locate(services: Services, at: P, sent: Sent, request: RequestInfo) {
    const server = await find(services, at, sent);
    if (!server) throw missing(request);
    const pathname = pathOf(request);
    const { simulated, otherAt } = server;
    return { simulated, other: otherAt?.(pathname) ?? null, endpoint: endpointAt(simulated, pathname) };
  }

  const read = route(
    {
      ...shared,
      operationId: `read${name}`,
      method: 'GET',
      summary: `${label}: its pages, documents and API`,
      errors: [RouteNotFound, InvalidRequestParameters],
    },
    async ({ query: sent, params: at, request }, services) => {
      const { simulated, other, endpoint } = await locate(services, at, sent, request);
      if (other?.kind === 'document') return other.read();
      if (other || endpoint === 'authorization') {
        assertAtThisMachine(request, services);
        return other ? other.show(sent, request) : showPersonas(simulated, sent, request);
      }
      switch (endpoint) {
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
      ...shared,
      operationId: `postTo${name}`,
      method: 'POST',
      summary: `${label}: its forms and its token endpoint`,
      body: z.record(z.string(), z.unknown()),
      errors: [RouteNotFound, Forbidden, InvalidRequestParameters],
      form: true,
    },
    async ({ query: sent, params: at, body, request }, services) => {
      const { simulated, other, endpoint } = await locate(services, at, sent, request);
      const choice = { persona: body.persona, email: body.email };
      if (other?.kind === 'page' || endpoint === 'authorization') {
        assertOwnForm(services, request);
        return other?.kind === 'page'
          ? other.choose(sent, choice, request)
          : choosePersona(simulated, state.grants, sent, choice, request);
      }
      switch (endpoint) {
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

function assertOwnForm(services: Services, request: RequestInfo): void {
  assertAtThisMachine(request, services);
  if (!isSameOrigin(services, request)) throw new Forbidden('This form did not come from our page.');
}

const pathOf = ({ url }: RequestInfo): string => url.split('?', 1)[0] ?? '';

const missing = (request: RequestInfo): RouteNotFound =>
  new RouteNotFound(`There is nothing at ${request.method} ${pathOf(request)}.`);
