import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tooLarge } from '../body.ts';
import {
  ApiError,
  BodyTooLarge,
  InternalError,
  MalformedBody,
  MalformedRequest,
  OAuthMalformedRequest,
  OAuthTooManyRequests,
  TooManyRequests,
  UnsupportedMediaType,
} from '../errors.ts';
import type { StoredAnswer } from '../idempotency.ts';
import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import { cookieHeader, pageHeaders, send } from './answer.ts';
import type { MountOptions } from './options.ts';
import { pathOf, requestInfo } from './request-info.ts';
import { assertListed } from './strict.ts';

export function errorAnswer(services: Services, refused: ApiError, route: Route | null): StoredAnswer {
  const error = inFamilyOf(route, refused);
  return {
    status: error.status,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      ...error.headers,
      ...cookieHeader(services, error.cookies),
    },
    body: JSON.stringify(error.toBody()),
  };
}

/** What is refused for all routes alike has the shape of the route's own errors. */
function inFamilyOf(route: Route | null, error: ApiError): ApiError {
  if (error instanceof TooManyRequests && isOAuth(route)) return new OAuthTooManyRequests(error);
  return isUnreadable(error) && authenticatesClients(route) ? new OAuthMalformedRequest(error) : error;
}

const unreadable = [MalformedBody, MalformedRequest, BodyTooLarge, UnsupportedMediaType];
const isUnreadable = (error: ApiError): boolean => unreadable.some((kind) => error instanceof kind);

/** The token endpoint, and those that are like it. */
const authenticatesClients = (route: Route | null): boolean =>
  route?.errors.some(({ code }) => code === 'invalid_client') ?? false;

const isOAuth = (route: Route | null): boolean => route?.errors.some(({ family }) => family === 'oauth') ?? false;

export async function sendError(
  options: MountOptions,
  request: FastifyRequest,
  response: FastifyReply,
  error: ApiError,
  route: Route | null,
  asPage = route?.page ?? false,
): Promise<FastifyReply> {
  const { log } = options.services;
  const services = await servicesFor(options, request);
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
      assertListed(services, route, error);
    } catch (unlisted) {
      answered = asApiError(unlisted);
    }
  }
  if (!asPage) return send(response, errorAnswer(services, answered, route));
  const nonce = randomBytes(16).toString('base64url');
  const info = requestInfo(services, request);
  const render = await options.renderErrorPage(services, answered, info).catch((failure: unknown) => {
    log.error({ err: failure, request: request.id }, 'The error page failed');
    return () => plainErrorPage(request.id);
  });
  return response
    .code(answered.status)
    .headers({ ...pageHeaders(nonce, []), ...answered.headers, ...cookieHeader(services, answered.cookies) })
    .send(render(nonce));
}

/** What failed may be the database, and then it does not know whose domain was asked either. */
const servicesFor = async ({ services, servicesAt }: MountOptions, { headers }: FastifyRequest): Promise<Services> => {
  try {
    return await servicesAt(services, headers.host);
  } catch {
    return services;
  }
};

/** The last resort: when even the page that explains a failure fails. The id is made here, so it needs no escaping. */
const plainErrorPage = (requestId: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Something went wrong</title><h1>Something went wrong</h1><p>Wait a moment and try again. If it stays, name this to whoever runs the service: ${requestId}</p></html>`;

/** Ours as it is; what the framework refuses under our name for it; anything else is a fault of ours. */
export function asApiError(error: unknown): ApiError {
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
