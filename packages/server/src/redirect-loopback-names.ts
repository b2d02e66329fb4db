import type { FastifyInstance } from 'fastify';
import type { Services } from './core/index.ts';

/** `localhost`, `127.0.0.1` and `[::1]` are three origins: cookies and passkeys must not be split between them. */
export function redirectLoopbackNames(app: FastifyInstance, { config }: Services): void {
  app.addHook('onRequest', async (request, response) => {
    const { host, accept } = request.headers;
    if (!host || request.method !== 'GET' || !accept?.includes('text/html')) return;
    const { host: own, port } = new URL(config.publicUrl);
    if (host === own || !isLoopback(own) || ![`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(host))
      return;
    return response.redirect(config.publicUrl + request.url, 302);
  });
}

const isLoopback = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
