import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Route, Services } from './core/index.ts';
import { addressOf, findClient, servicesAt } from './environments/index.ts';
import { impersonationCookieName } from './impersonation/index.ts';

/** What belongs to the server and to no environment: it is at the server's own name alone. */
const serverOnly = /^\/(dashboard|docs|dev)(\/|\?|$)/;

/**
 * Pages go to the address they belong to. At the server's own name, one that names a client with a domain of its own
 * leads there, so that cookies and passkeys are all of one place. At such a domain there is no dashboard.
 */
export function leadHome(app: FastifyInstance, services: Services): void {
  app.addHook('onRequest', async (request, response) => {
    const { hostEnvironmentId } = await servicesAt(services, request.headers.host);
    return hostEnvironmentId === null ? leadAway(services, request, response) : keepHere(request, response);
  });
}

function keepHere({ url }: FastifyRequest, response: FastifyReply): FastifyReply | undefined {
  if (url === '/') return response.redirect('/sign-in', 302);
  if (!serverOnly.test(url)) return undefined;
  response.callNotFound();
  return response;
}

async function leadAway(
  services: Services,
  request: FastifyRequest,
  response: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { route } = request.routeOptions.config as { route?: Route };
  const clientId = (request.query as { client_id?: unknown }).client_id;
  if (!route?.page || request.method !== 'GET' || typeof clientId !== 'string') return undefined;
  // Only a path: in its absolute form a request target names a host of its own (RFC 9112 section 3.2.2).
  if (!request.url.startsWith('/')) return undefined;
  const client = await findClient(services, clientId);
  if (!client || client.environment.domain === null) return undefined;
  // An operator who is about to act as a user is known by a cookie of the dashboard's host, and goes on there.
  const impersonating = impersonationCookieName(client.environment.id);
  if (Object.keys(request.cookies).some((name) => name.endsWith(impersonating))) return undefined;
  return response.redirect(addressOf(services.config, client.environment) + request.url, 302);
}
