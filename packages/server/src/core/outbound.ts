import { lookup as resolve } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { seconds } from './clock.ts';
import { type Config, isLoopbackUrl } from './config.ts';

/** As `globalThis.fetch`; tests give another. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const timeoutMs = seconds(10);
const ports = ['', '443', '8443'];

/** Not reachable from everywhere, so not to be reached by us for somebody (IANA special-purpose address registries). */
const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  // Teredo, benchmarks and ORCHID; 6to4; documentation: those of 2000::/3 that lead elsewhere or nowhere.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, bits, 'ipv6');

/** Everything else of IPv6 is local, embeds an IPv4 address, or is not in use. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address means the same machine from everywhere on the internet. */
export function isGlobalAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && global6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** An address that somebody entered leads where we do not go for them. */
export class OutboundRefused extends Error {}

/**
 * A call to an address that an organization or an operator entered: https to a usual port, at a machine that the whole
 * internet reaches, without redirects, within ten seconds and a megabyte. The address that is checked is the one dialled,
 * so a name that resolves to something else a moment later gains nothing. A development server may also call this
 * machine, where its simulated providers are.
 *
 * @param maxBytes - of the answer
 */
export function outbound({ config }: { readonly config: Config }, maxBytes = 1024 * 1024): Fetch {
  const isAtHome = config.mode === 'dev' && isLoopbackUrl(config.serverUrl);
  return async (address, init) => {
    const url = new URL(address);
    const isLocal = isAtHome && isLoopbackUrl(address);
    if (!isLocal) assertUsual(url);
    const sent = new Request(url, { ...init, redirect: 'manual' });
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
    return call(url, sent, signal, isLocal ? undefined : globalLookup, maxBytes);
  };
}

function assertUsual(url: URL): void {
  const { protocol, port, username, password, hostname } = url;
  if (protocol !== 'https:') throw new OutboundRefused('The address does not begin with https:.');
  if (username !== '' || password !== '') throw new OutboundRefused('The address carries a user name.');
  if (!ports.includes(port)) throw new OutboundRefused(`Port ${port} is none of 443 and 8443.`);
  const literal = hostname.replace(/^\[|\]$/g, '');
  // A literal is dialled without being looked up.
  if (isIP(literal) !== 0 && !isGlobalAddress(literal))
    throw new OutboundRefused(`${literal} is no address of the public internet.`);
}

/** Resolves a name, and fails when any of its addresses is not one of the public internet. */
const globalLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const foreign = addresses?.find(({ address }) => !isGlobalAddress(address));
    const [first] = addresses ?? [];
    if (error) callback(error, '', 0);
    else if (foreign || !first)
      callback(new OutboundRefused(`${hostname} leads to an address that is not of the public internet.`), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

async function call(
  url: URL,
  sent: Request,
  signal: AbortSignal,
  lookup: LookupFunction | undefined,
  maxBytes: number,
): Promise<Response> {
  const body = Buffer.from(await sent.arrayBuffer());
  const { promise, resolve: answer, reject } = Promise.withResolvers<Response>();
  const headers = { ...Object.fromEntries(sent.headers), 'accept-encoding': 'identity', 'content-length': body.length };
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = open(url, { method: sent.method, headers, agent: false, signal, ...(lookup ? { lookup } : {}) });
  outgoing.on('error', reject);
  outgoing.on('response', (incoming) => {
    const parts: Buffer[] = [];
    let length = 0;
    incoming.on('error', reject);
    incoming.on('data', (part: Buffer) => {
      length += part.length;
      parts.push(part);
      if (length <= maxBytes) return;
      // Rejected here: what came in one piece has ended before anybody hears of the destroyed request.
      reject(new OutboundRefused(`The answer is larger than ${maxBytes} bytes.`));
      outgoing.destroy();
    });
    incoming.on('end', () => {
      const status = incoming.statusCode ?? 502;
      const received = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      const isBodiless = [101, 204, 205, 304].includes(status);
      answer(new Response(isBodiless ? null : Buffer.concat(parts), { status, headers: received }));
    });
  });
  outgoing.end(body);
  return promise;
}
