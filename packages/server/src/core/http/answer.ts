import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { isHttps } from '../config.ts';
import type { StoredAnswer } from '../idempotency.ts';
import { type CookieToSet, Reply } from '../reply.ts';
import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import { assertShape } from './strict.ts';

/** What the handler returned, as bytes and headers. */
export function rendered(services: Services, route: Route, value: unknown): StoredAnswer {
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
    case 'bytes':
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
export function pageHeaders(nonce: string, formTargets: readonly string[]): Record<string, string> {
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
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  'x-frame-options': 'DENY',
};

export function send(response: FastifyReply, answer: StoredAnswer): FastifyReply {
  response.code(answer.status).headers(answer.headers);
  return answer.body === null ? response.send() : response.send(answer.body);
}

export const cookieHeader = (services: Services, cookies: readonly CookieToSet[]): { 'set-cookie'?: string[] } =>
  cookies.length === 0 ? {} : { 'set-cookie': cookies.map((cookie) => serializeCookie(services, cookie)) };

function serializeCookie({ config }: Services, cookie: CookieToSet): string {
  const secure = isHttps(config);
  const name = secure && !cookie.exactName ? `__Host-${cookie.name}` : cookie.name;
  const maxAge = cookie.value === '' ? 0 : cookie.maxAgeSeconds;
  const sameSite = cookie.sameSite === 'strict' ? 'Strict' : cookie.sameSite === 'none' && secure ? 'None' : 'Lax';
  return [
    `${name}=${encodeURIComponent(cookie.value)}`,
    ...(cookie.domain === undefined ? [] : [`Domain=${cookie.domain}`]),
    'Path=/',
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ...(cookie.scriptReadable ? [] : ['HttpOnly']),
    ...(secure ? ['Secure'] : []),
    `SameSite=${sameSite}`,
  ].join('; ');
}
