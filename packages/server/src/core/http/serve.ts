import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, InvalidRequestParameters, MalformedBody, UnsupportedMediaType } from '../errors.ts';
import { fieldErrors } from '../field-errors.ts';
import { once, type StoredAnswer } from '../idempotency.ts';
import type { Operator, RequestInfo, Route, SentQuery } from '../route.ts';
import type { Tenant } from '../tenant.ts';
import { rendered, send } from './answer.ts';
import { addCorsHeaders, clientIdOf } from './cors.ts';
import type { MountOptions } from './options.ts';
import { errorAnswer } from './refuse.ts';
import { requestInfo } from './request-info.ts';
import { assertListed, refusedBefore } from './strict.ts';

/** One request to one route: every step they all share, in order. */
export async function serve(
  options: MountOptions,
  route: Route,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<FastifyReply> {
  const services = await options.servicesAt(options.services, request.headers.host);
  const info = requestInfo(services, request);
  await route.first?.(info, services, request.query as SentQuery);
  if (route.cors) await addCorsHeaders(options, route, request, response);
  if (!route.form && !isJson(request) && request.body !== undefined && request.body !== null) {
    throw new UnsupportedMediaType('Send the body as application/json.');
  }
  const { tenant, operator } = await authenticate(options, asked(route, request.body), info).catch((error: unknown) => {
    if (error instanceof ApiError) refusedBefore.add(error);
    throw error;
  });
  const perform = async (): Promise<StoredAnswer> => {
    const context = {
      tenant,
      operator,
      params: parsed(route.params, paramsOf(route, request)),
      query: parsed(route.query, request.query),
      body: parsed(route.body, request.body ?? (route.body ? {} : undefined)),
      request: info,
    };
    return rendered(services, route, await route.handle(context as never, services));
  };
  const key = request.headers['idempotency-key'];
  const scope = tenant ? `${tenant.environmentId}/${tenant.actor.id}` : clientIdOf(request);
  if (route.method !== 'POST' || typeof key !== 'string' || key === '' || !scope || route.page) {
    return send(response, await perform());
  }
  if (key.length > 255) throw new MalformedBody('An Idempotency-Key has at most 255 characters.');
  // Errors of our own are answers too: a repeated exchange of one code must not turn from one refusal into another.
  const settled = (): Promise<StoredAnswer> =>
    perform().catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status >= 500) throw error;
      assertListed(services, route, error);
      return errorAnswer(services, error, route);
    });
  // The cookie too, where it may be the credential: nobody gets the tokens of a browser by naming its key.
  const fingerprint = JSON.stringify([
    request.url,
    request.body ?? null,
    request.headers.authorization ?? null,
    route.cors === 'client' ? (request.headers.cookie ?? null) : null,
  ]);
  const wanted = {
    scope,
    method: route.method,
    path: route.path,
    key,
    isAuthenticated: tenant !== null,
    fingerprint,
  };
  return send(response, await once(services, wanted, settled));
}

async function authenticate(
  { authenticators }: MountOptions,
  route: Route,
  info: RequestInfo,
): Promise<{ tenant: Tenant | null; operator: Operator | null }> {
  return {
    tenant: needsTenant(route) ? await authenticators.tenant(info, route) : null,
    operator: route.auth.kind === 'signedInOperator' ? await authenticators.operator(info) : null,
  };
}

/** The route as this body makes it. */
const asked = (route: Route, body: unknown): Route =>
  typeof route.needsFreshOperator === 'function'
    ? { ...route, needsFreshOperator: route.needsFreshOperator(body) }
    : route;

const needsTenant = ({ auth }: Route): boolean =>
  auth.kind === 'apiKey' || auth.kind === 'operator' || auth.kind === 'devKey';

function paramsOf(route: Route, request: FastifyRequest): unknown {
  const params = request.params as Record<string, string>;
  const rest = route.path.endsWith('*}') ? /\{(\w+)\*\}$/.exec(route.path)?.[1] : undefined;
  return rest ? { ...params, [rest]: params['*'] } : params;
}

function parsed(schema: Route['params'], value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw new InvalidRequestParameters(fieldErrors(result.error));
  return result.data;
}

const isJson = (request: FastifyRequest): boolean =>
  /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
