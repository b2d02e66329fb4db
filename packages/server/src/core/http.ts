import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import cookiePlugin from '@fastify/cookie';
import formbody from '@fastify/formbody';
import underPressure from '@fastify/under-pressure';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { maxBodyBytes, parseForm, parseJsonBody, tooLarge } from './body.ts';
import { isHttps } from './config.ts';
import {
  ApiError,
  commonErrors,
  fieldErrors,
  HeadersTooLarge,
  InternalError,
  InvalidRequestParameters,
  MalformedBody,
  MalformedRequest,
  RequestTimeout,
  RouteNotFound,
  Unavailable,
  UnsupportedMediaType,
} from './errors.ts';
import { once, type StoredAnswer } from './idempotency.ts';
import { newId } from './ids.ts';
import { type CookieToSet, Reply } from './reply.ts';
import type { Operator, RequestInfo, Route } from './route.ts';
import type { Services } from './services.ts';
import type { Tenant } from './tenant.ts';

/** Answers that people see when a page's route fails. */
export type RenderErrorPage = (error: ApiError, request: RequestInfo) => Promise<(nonce: string) => string>;

/** How each kind of credential is checked. The rooms that know them are wired in by `app.ts`. */
export interface Authenticators {
  /** @throws {Unauthorized} */
  tenant(request: RequestInfo, route: Route): Promise<Tenant>;
  /** @throws {Unauthorized} */
  operator(request: RequestInfo): Promise<Operator>;
}

/** Which origins may read an answer; null: none. `clientId` is what the request's body or query names. */
export type AllowOrigin = (origin: string, clientId: string | null) => Promise<boolean>;

export interface MountOptions {
  readonly services: Services;
  readonly routes: readonly Route[];
  readonly authenticators: Authenticators;
  readonly renderErrorPage: RenderErrorPage;
  readonly allowOrigin: AllowOrigin;
}

/** Longest a request may take, headers and body included. */
const requestTimeoutMs = 15_000;
/** How often connections are looked over for requests that take longer: Node's own 30 s would make 15 s up to 45. */
const timeoutCheckMs = 2000;
/**
 * Bytes of a request's line and headers. Node's 16 KB are too few: `state` may have several KB and must come back whole,
 * and on `localhost` a browser sends us the session cookies of every app on this machine.
 */
const maxHeaderBytes = 64 * 1024;

const corsHeaders = {
  methods: 'GET, POST, PUT, DELETE, OPTIONS',
  headers:
    'content-type, accept, authorization, idempotency-key, workos-widgets-version, workos-widgets-type, x-elevated-access-token',
};

/** Our routes check with zod, so Fastify's own validator and serializer, a third of what it loads, stay where they are. */
const noSchemas: NonNullable<FastifyServerOptions['schemaController']>['compilersFactory'] = {
  // Typed as ajv's own functions; none is ever called.
  buildValidator: (() => () => () => true) as never,
  buildSerializer: () => () => JSON.stringify,
};

/** The one place where routes become a server. */
export async function createHttpServer(options: MountOptions): Promise<FastifyInstance> {
  const { services, routes } = options;
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
    },
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    // Hop 0 is the peer itself: so many hops from it are ours, what they add to X-Forwarded-For counts, the rest is hearsay.
    trustProxy: (_address: string, hop: number) => hop < services.config.trustedProxies,
    forceCloseConnections: 'idle',
    // What still comes in on an open connection while we drain is answered like the rest.
    return503OnClosing: false,
    exposeHeadRoutes: true,
    logger: false,
    schemaController: { compilersFactory: noSchemas },
    genReqId: () => newId('request', services.now()),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 512, querystringParser: parseForm },
    // Its own answer to a bad URL would be HTML-less text; ours has the shape SDKs parse.
    frameworkErrors: (error: Error, request: FastifyRequest, response: FastifyReply) => {
      // Before any hook, so what every answer carries is added here.
      addCommonHeaders(services, request, response);
      void sendError(options, request, response, asApiError(error), null);
    },
    clientErrorHandler: (error, socket) => refuseUnreadable(services, error, socket),
  });
  await app.register(cookiePlugin, { hook: 'onRequest' });
  await app.register(formbody, { bodyLimit: maxBodyBytes, parser: parseForm });
  await app.register(underPressure, {
    maxEventLoopDelay: 3000,
    retryAfter: 1,
    pressureHandler: async (request, response) => {
      await sendError(options, request, response, new Unavailable(), null);
    },
  });
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: maxBodyBytes },
    (_request, body, done) => {
      try {
        done(null, parseJsonBody(body as string));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  // With a callback: a promise for every answer would cost more than what is done here.
  app.addHook('onSend', (request, response, payload, done) => {
    // A connection kept alive would keep a closing server waiting for a request that may never come.
    if (isClosing) response.header('connection', 'close');
    addCommonHeaders(services, request, response);
    done(null, payload);
  });
  const { log } = services;
  if (log.isLevelEnabled('info')) {
    app.addHook('onResponse', async (request, response) => {
      const ms = Math.round(response.elapsedTime * 10) / 10;
      log.info(
        { request: request.id, method: request.method, path: pathOf(request.url), status: response.statusCode, ms },
        'Answered',
      );
    });
  }
  app.setErrorHandler((error, request, response) => {
    const route = (request.routeOptions.config as { route?: Route }).route ?? null;
    return sendError(options, request, response, asApiError(error), route);
  });
  app.setNotFoundHandler((request, response) => {
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    const error = new RouteNotFound(`There is nothing at ${request.method} ${pathOf(request.url)}.`);
    return sendError(options, request, response, error, null, wantsPage);
  });
  for (const route of routes) mount(app, options, route);
  return app;
}

function addCommonHeaders({ config }: Services, request: FastifyRequest, response: FastifyReply): void {
  response.header('x-request-id', request.id);
  response.header('x-content-type-options', 'nosniff');
  if (isHttps(config)) response.header('strict-transport-security', 'max-age=63072000; includeSubDomains');
}

function mount(app: FastifyInstance, options: MountOptions, route: Route): void {
  const url = route.path.replace(/\{(\w+)\*\}/g, '*').replace(/\{(\w+)\}/g, ':$1');
  app.route({
    method: route.method,
    url,
    config: { route },
    // Where a GET leads on to another place it begins or ends something, which no link scanner's HEAD may do.
    exposeHeadRoute: route.method === 'GET' && route.returns.status === 200,
    handler: (request, response) => serve(options, route, request, response),
  });
  if (route.cors && !app.hasRoute({ method: 'OPTIONS', url })) {
    app.options(url, (request, response) => preflight(options, request, response));
  }
}

/** A preflight names no client, so it passes when any environment lists the origin. */
async function preflight(
  { allowOrigin }: MountOptions,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<FastifyReply> {
  const { origin } = request.headers;
  response.header('vary', 'Origin');
  if (origin && (await allowOrigin(origin, null))) {
    response.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': corsHeaders.methods,
      'access-control-allow-headers': corsHeaders.headers,
      'access-control-max-age': '600',
    });
  }
  return response.code(204).send();
}

async function serve(
  options: MountOptions,
  route: Route,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<FastifyReply> {
  const { services } = options;
  const info = requestInfo(options, request);
  if (route.cors) await addCorsHeaders(options, route, request, response);
  if (!route.form && !isJson(request) && request.body !== undefined && request.body !== null) {
    throw new UnsupportedMediaType('Send the body as application/json.');
  }
  const { tenant, operator } = await authenticate(options, route, info).catch((error: unknown) => {
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
      return errorAnswer(error);
    });
  const fingerprint = JSON.stringify([request.url, request.body ?? null, request.headers.authorization ?? null]);
  const wanted = { scope, method: route.method, path: route.path, key, fingerprint };
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

/** Refusals of the credential: they are the same for all routes, so no route lists them. */
const refusedBefore = new WeakSet<ApiError>();

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

/** What the handler returned, as bytes and headers. */
function rendered(services: Services, route: Route, value: unknown): StoredAnswer {
  const answer = value instanceof Reply ? value : new Reply({ kind: 'json', body: value }, route.returns.status);
  const headers: Record<string, string | string[]> = {
    'cache-control': 'no-store',
    ...answer.headers,
    ...cookieHeader(services, answer.cookies),
  };
  const { content } = answer;
  switch (content.kind) {
    case 'empty':
      return { status: answer.status, headers, body: null };
    case 'text':
      return { status: answer.status, headers: { ...headers, 'content-type': content.type }, body: content.body };
    case 'page': {
      const nonce = randomBytes(16).toString('base64url');
      return {
        status: answer.status,
        headers: { ...headers, ...pageHeaders(nonce, content.formTargets) },
        body: content.render(nonce),
      };
    }
    case 'json': {
      if (services.config.strictAnswers && answer.status === route.returns.status) assertShape(route, content.body);
      return {
        status: answer.status,
        headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(content.body),
      };
    }
  }
}

/** Pages carry their style and script inline under a nonce, load nothing from anywhere, and cannot be framed. */
function pageHeaders(nonce: string, formTargets: readonly string[]): Record<string, string> {
  const policy = [
    `default-src 'none'`,
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `connect-src 'self'`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `object-src 'none'`,
  ];
  return { ...privatePage, 'content-security-policy': policy.join('; ') };
}

/** What every HTML answer of ours carries besides its own content policy. */
export const privatePage: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  vary: 'Cookie',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  'x-frame-options': 'DENY',
};

function send(response: FastifyReply, answer: StoredAnswer): FastifyReply {
  response.code(answer.status).headers(answer.headers);
  return answer.body === null ? response.send() : response.send(answer.body);
}

function errorAnswer(error: ApiError): StoredAnswer {
  return {
    status: error.status,
    headers: { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8', ...error.headers },
    body: JSON.stringify(error.toBody()),
  };
}

async function sendError(
  options: MountOptions,
  request: FastifyRequest,
  response: FastifyReply,
  error: ApiError,
  route: Route | null,
  asPage = route?.page ?? false,
): Promise<FastifyReply> {
  const { log } = options.services;
  const record = {
    err: error,
    request: request.id,
    method: request.method,
    path: pathOf(request.url),
    status: error.status,
  };
  if (error.status >= 500) log.error(record, 'A request failed');
  else log.debug(record, 'A request was refused');
  let answered = error;
  if (route) {
    try {
      assertListed(options.services, route, error);
    } catch (unlisted) {
      answered = asApiError(unlisted);
    }
  }
  if (!asPage) return send(response, errorAnswer(answered));
  const nonce = randomBytes(16).toString('base64url');
  const render = await options.renderErrorPage(answered, requestInfo(options, request)).catch((failure: unknown) => {
    log.error({ err: failure, request: request.id }, 'The error page failed');
    return () => plainErrorPage(request.id);
  });
  return response
    .code(answered.status)
    .headers({ ...pageHeaders(nonce, []), ...answered.headers, ...cookieHeader(options.services, answered.cookies) })
    .send(render(nonce));
}

/** The last resort: when even the page that explains a failure fails. The id is made here, so it needs no escaping. */
const plainErrorPage = (requestId: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Something went wrong</title><h1>Something went wrong</h1><p>Wait a moment and try again. If it stays, name this to whoever runs the service: ${requestId}</p></html>`;

/** What never became a request: no route, no hook and no error handler sees it, so the bytes are written here. */
function refuseUnreadable(services: Services, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = unreadable(error.code);
  const id = newId('request', services.now());
  const body = JSON.stringify(refusal.toBody());
  services.log.debug({ err: error, request: id, status: refusal.status }, 'A request could not be read');
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function unreadable(code: string | undefined): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HeadersTooLarge(`Address, cookies and other headers are larger than ${maxHeaderBytes / 1024} KiB.`);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new RequestTimeout(`The request did not arrive within ${requestTimeoutMs / 1000} seconds.`);
  return new MalformedRequest('This is not an HTTP request we can read.');
}

/** Ours as it is; what the framework refuses under our name for it; anything else is a fault of ours. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { code, statusCode, message, expose } = (error ?? {}) as {
    code?: string;
    statusCode?: number;
    message?: string;
    expose?: boolean;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge();
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new UnsupportedMediaType('Send the body as application/json.');
  if (code === 'FST_ERR_BAD_URL') return new MalformedRequest('The percent-encoding of this address is broken.');
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return new MalformedBody('The body does not have the length that its header says.');
  // Only the framework's own and what is made to be shown: a library's 404 in one of our handlers is a fault of ours.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500 && (code?.startsWith('FST_') || expose))
    return new MalformedRequest('The request is malformed.', {}, { cause: error });
  return new InternalError(
    'Something went wrong on our side. The request id names it in the log.',
    {},
    { cause: error, detail: message },
  );
}

function requestInfo({ services }: MountOptions, request: FastifyRequest): RequestInfo {
  const { headers } = request;
  const prefix = isHttps(services.config) ? '__Host-' : '';
  return {
    id: request.id,
    method: request.method,
    url: request.url,
    // Put together from the forwarding headers, so only where somebody asks.
    get ip() {
      return request.ip;
    },
    userAgent: headers['user-agent']?.slice(0, 512) ?? null,
    origin: headers.origin ?? null,
    authorization: headers.authorization ?? null,
    language: headers['accept-language'] ?? null,
    // Never the bare name where the prefix is due: a sibling domain can set that one, and pick the victim's session.
    cookie: (name) => request.cookies[prefix + name] ?? null,
    cookieNames: () =>
      Object.keys(request.cookies).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
    header: (name) => {
      const value = headers[name];
      return typeof value === 'string' ? value : null;
    },
  };
}

const cookieHeader = (services: Services, cookies: readonly CookieToSet[]): { 'set-cookie'?: string[] } =>
  cookies.length === 0 ? {} : { 'set-cookie': cookies.map((cookie) => serializeCookie(services, cookie)) };

function serializeCookie({ config }: Services, cookie: CookieToSet): string {
  const secure = isHttps(config);
  const name = secure && !cookie.exactName ? `__Host-${cookie.name}` : cookie.name;
  const maxAge = cookie.value === '' ? 0 : cookie.maxAgeSeconds;
  const sameSite = cookie.sameSite === 'strict' ? 'Strict' : cookie.sameSite === 'none' && secure ? 'None' : 'Lax';
  return [
    `${name}=${encodeURIComponent(cookie.value)}`,
    'Path=/',
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ...(cookie.scriptReadable ? [] : ['HttpOnly']),
    ...(secure ? ['Secure'] : []),
    `SameSite=${sameSite}`,
  ].join('; ');
}

async function addCorsHeaders(
  options: MountOptions,
  route: Route,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<void> {
  const { origin } = request.headers;
  if (route.cors === 'anyone') {
    response.header('access-control-allow-origin', '*');
    return;
  }
  response.header('vary', 'Origin');
  const clientId = clientIdOf(request);
  if (!origin || !clientId || request.headers.authorization !== undefined) return;
  if (!(await options.allowOrigin(origin, clientId))) return;
  response.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
}

function clientIdOf(request: FastifyRequest): string | null {
  for (const source of [request.body, request.query]) {
    const id = (source as { client_id?: unknown } | null | undefined)?.client_id;
    if (typeof id === 'string' && id.length <= 128) return id;
  }
  return null;
}

const isJson = (request: FastifyRequest): boolean =>
  /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

/** In tests a handler that answers outside its contract fails loudly instead of drifting. */
function assertShape(route: Route, body: unknown): void {
  if (!route.returns.body) throw new Error(`${route.operationId} declares no body but answered one.`);
  const result = route.returns.body.safeParse(body);
  if (!result.success) throw new Error(`${route.operationId} answered outside its contract: ${result.error.message}`);
}

function assertListed({ config }: Services, route: Route, error: ApiError): void {
  if (!config.strictAnswers || refusedBefore.has(error)) return;
  const listed = [...route.errors, ...commonErrors];
  if (listed.some((known) => error instanceof (known as unknown as typeof ApiError))) return;
  throw new Error(`${route.operationId} threw ${error.kind.name}, which its route does not list.`, { cause: error });
}
