import { type RequestInfo, RouteNotFound, type Services } from '../core/index.ts';

/**
 * A page cannot send a Bearer, so who asks has to be at this machine, in a browser that went to our own address: a name
 * of somebody else's that resolves to 127.0.0.1 brings its own `Host`.
 *
 * @throws {RouteNotFound} so that nobody else learns what is there
 */
export function assertAtThisMachine(request: RequestInfo, { config }: Pick<Services, 'config'>): void {
  const isOurHost = request.header('host')?.toLowerCase() === new URL(config.publicUrl).host;
  if (isOurHost && isLoopback(request.ip)) return;
  throw new RouteNotFound(`There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`);
}

const isLoopback = (ip: string): boolean => ip === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(ip);
