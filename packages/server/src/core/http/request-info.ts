import type { FastifyRequest } from 'fastify';
import { isHttps } from '../config.ts';
import type { RequestInfo } from '../route.ts';
import type { Services } from '../services.ts';

export function requestInfo({ config }: Pick<Services, 'config'>, request: FastifyRequest): RequestInfo {
  const { headers } = request;
  const prefix = isHttps(config) ? '__Host-' : '';
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

/** A path as it may be logged: no query, and nothing in it as long as a secret (43 letters). Ids are shorter. */
export const pathOf = (url: string): string => (url.split('?', 1)[0] ?? url).replace(/[0-9A-Za-z]{40,}/g, '…');
