import type { FastifyInstance } from 'fastify';
import { plainCookies } from './branding/index.ts';
import { cookieHeader, type Route, type Services } from './core/index.ts';

/** Whoever asks one hosted page to do without the operator's own CSS sees the next ones without it as well. */
export function rememberPlain(app: FastifyInstance, services: Services): void {
  app.addHook('onRequest', async (request, response) => {
    const { route } = request.routeOptions.config as { route?: Route };
    if (route?.page && request.method === 'GET') response.headers(cookieHeader(services, plainCookies(request.url)));
  });
}
