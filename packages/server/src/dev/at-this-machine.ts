import { type Config, isLoopbackUrl, type RequestInfo, RouteNotFound, type Services } from '../core/index.ts';

/**
 * A page cannot send a Bearer, so who asks has to be at this machine, in a browser that went to our own address: a name
 * of somebody else's that resolves to 127.0.0.1 brings its own `Host`. A tunnel ends at this machine too, and brings
 * the whole world: it goes to a public address, or says for whom it asks.
 *
 * @throws {RouteNotFound} so that nobody else learns what is there
 */
export function assertAtThisMachine(request: RequestInfo, { config }: Pick<Services, 'config'>): void {
  const ours = [config.publicUrl, config.localUrl].filter(isLoopbackUrl).map((url) => new URL(url).host);
  const isOurHost = ours.includes(request.header('host')?.toLowerCase() ?? '');
  if (isOurHost && isLoopback(request.ip) && !isForwarded(request, config)) return;
  throw new RouteNotFound(`There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`);
}

/** By somebody whom the server was not told of; of those it was told of, `request.ip` knows. */
const isForwarded = (request: RequestInfo, { trustedProxies }: Pick<Config, 'trustedProxies'>): boolean =>
  trustedProxies === 0 && ['x-forwarded-for', 'forwarded'].some((name) => request.header(name) !== null);

const isLoopback = (ip: string): boolean => ip === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(ip);
