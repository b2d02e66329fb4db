import type { FastifyInstance } from 'fastify';
import { isLoopbackUrl, type Services } from './core/index.ts';

/** `localhost`, `127.0.0.1` and `[::1]` are three origins: cookies and passkeys must not be split between them. */
export function redirectLoopbackNames(app: FastifyInstance, { config }: Services): void {
  app.addHook('onRequest', async (request, response) => {
    const { host, accept } = request.headers;
    if (!host || request.method !== 'GET' || !accept?.includes('text/html')) return;
    for (const own of [config.publicUrl, config.localUrl].filter(isLoopbackUrl)) {
      const { host: ours, port } = new URL(own);
      if (host === ours) return;
      if ([`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(host))
        return response.redirect(own + request.url, 302);
    }
  });
}
