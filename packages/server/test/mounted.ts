/**
 * One room's routes behind real HTTP, before there is a whole server around them. The credential is the environment
 * itself: who may ask is tested once, over the route table of the whole server.
 */
import { authenticatedTenant, createHttpServer, type Route, Unauthorized } from '../src/core/index.ts';
import type { TestServices } from './engines.ts';

export interface Mounted extends AsyncDisposable {
  /** A request of that environment. A body is sent as JSON. */
  as(
    environmentId: string,
  ): (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
}

export async function mount(services: TestServices, routes: readonly Route[]): Promise<Mounted> {
  const app = await createHttpServer({
    services,
    routes,
    authenticators: {
      async tenant(request) {
        const id = request.authorization?.replace(/^Bearer /, '');
        if (!id) throw new Unauthorized();
        return authenticatedTenant(id, { type: 'operator', id: 'user_grace', name: 'grace@example.com' });
      },
      async operator() {
        throw new Unauthorized();
      },
    },
    servicesAt: (known) => known,
    renderErrorPage: async (_services, error) => () => error.message,
    allowOrigin: async () => false,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    as: (environmentId) => async (method, path, body) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${environmentId}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
    },
  };
}
