import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from '../route.ts';
import type { AllowOrigin, MountOptions } from './options.ts';

const corsHeaders = {
  methods: 'GET, POST, PUT, DELETE, OPTIONS',
  headers:
    'content-type, accept, authorization, idempotency-key, workos-widgets-version, workos-widgets-type, x-elevated-access-token',
};

/** A preflight names no client, so it passes when any environment lists the origin. */
export async function preflight(
  { allowOrigin }: MountOptions,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<FastifyReply> {
  if (await addForAnyClient(allowOrigin, request, response)) {
    response.headers({
      'access-control-allow-methods': corsHeaders.methods,
      'access-control-allow-headers': corsHeaders.headers,
      'access-control-max-age': '600',
    });
  }
  return response.code(204).send();
}

/** What an answer carries that is given before its body is read, and so before anybody knows the client. */
export async function addEarlyCorsHeaders(
  allowOrigin: AllowOrigin,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<void> {
  const { route } = request.routeOptions.config as { route?: Route };
  if (route?.cors === 'anyone') response.header('access-control-allow-origin', '*');
  if (route?.cors === 'client') await addForAnyClient(allowOrigin, request, response);
}

async function addForAnyClient(
  allowOrigin: AllowOrigin,
  { headers: { origin } }: FastifyRequest,
  response: FastifyReply,
): Promise<boolean> {
  response.header('vary', 'Origin');
  if (!origin || !(await allowOrigin(origin, null))) return false;
  response.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
  return true;
}

export async function addCorsHeaders(
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
  // Whoever holds a secret is a server, and a server asks for no leave of ours.
  if (!origin || !clientId || carriesSecret(request)) return;
  if (!(await options.allowOrigin(origin, clientId))) return;
  response.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
}

const carriesSecret = ({ headers, body }: FastifyRequest): boolean =>
  headers.authorization !== undefined ||
  Boolean((body as { client_secret?: unknown } | null | undefined)?.client_secret);

export function clientIdOf(request: FastifyRequest): string | null {
  for (const source of [request.body, request.query]) {
    const id = (source as { client_id?: unknown } | null | undefined)?.client_id;
    if (typeof id === 'string' && id.length <= 128) return id;
  }
  return null;
}
