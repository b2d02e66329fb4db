import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cookiePlugin from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { maxBodyBytes, parseForm, parseJsonBody } from '../body.ts';
import { isHttps } from '../config.ts';
import { RouteNotFound } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import { maxHeaderBytes, requestTimeoutMs, timeoutCheckMs } from './bounds.ts';
import { preflight } from './cors.ts';
import type { MountOptions } from './options.ts';
import { refuseUnderPressure } from './pressure.ts';
import { asApiError, sendError } from './refuse.ts';
import { pathOf } from './request-info.ts';
import { serve } from './serve.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Our routes check with zod, so Fastify's own validator and serializer, a third of what it loads, stay where they are. */
const noSchemas: NonNullable<FastifyServerOptions['schemaController']>['compilersFactory'] = {
  // Typed as ajv's own functions; none is ever called.
  buildValidator: (() => () => () => true) as never,
  buildSerializer: () => () => JSON.stringify,
};

/**
 * Pages and what they load travel compressed, at a level that costs less time than the bytes it saves. Answers of the API
 * do not: they are small, and the secrets in them would stand beside what callers sent, where lengths tell (BREACH).
 */
const compression = {
  encodings: ['br', 'gzip'] as ('br' | 'gzip')[],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 18 } },
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
  await app.register(compress, compression);
  await app.register(cookiePlugin, { hook: 'onRequest' });
  await app.register(formbody, { bodyLimit: maxBodyBytes, parser: parseForm });
  refuseUnderPressure(app);
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
    ...(route.page ? {} : { compress: false as const }),
    // Where a GET leads on to another place it begins or ends something, which no link scanner's HEAD may do.
    exposeHeadRoute: route.method === 'GET' && route.returns.status === 200,
    handler: (request, response) => serve(options, route, request, response),
  });
  if (route.cors && !app.hasRoute({ method: 'OPTIONS', url })) {
    app.options(url, (request, response) => preflight(options, request, response));
  }
}
