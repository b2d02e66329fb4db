import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { privatePage, type Services } from './core/index.ts';

/** Scripts and styles from our own files only; Radix sets style attributes, so those are allowed. */
const dashboardPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The built dashboard: hashed assets forever, and one page for every address in it. */
export async function serveDashboard(app: FastifyInstance, { config }: Services): Promise<void> {
  app.get('/', async (_request, response) => response.redirect('/dashboard'));
  if (config.dashboardDir === null) return;
  const index = await readFile(join(config.dashboardDir, 'index.html'), 'utf8');
  await app.register(fastifyStatic, {
    root: config.dashboardDir,
    prefix: '/dashboard/',
    index: false,
    wildcard: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      const isHashed = path.includes('/assets/');
      response.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const show = async (
    _request: unknown,
    response: { headers(values: Record<string, string>): { send(body: string): unknown } },
  ): Promise<unknown> => response.headers({ ...privatePage, 'content-security-policy': dashboardPolicy }).send(index);
  app.get('/dashboard', show);
  app.get('/dashboard/*', async (request, response) => {
    // An unknown operation or asset is not a page of the dashboard.
    if (/^\/dashboard\/(api|assets)\//.test(request.url)) return response.callNotFound();
    return show(request, response);
  });
}
