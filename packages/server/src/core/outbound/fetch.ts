import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { seconds } from '../clock.ts';
import { type Dialable, OutboundRefused, type Resolving, resolveOutbound } from './host.ts';

/** As `globalThis.fetch`; tests give another. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const timeoutMs = seconds(10);
const ports = ['', '443', '8443'];

/**
 * A call to an address that an organization or an operator entered: https to a usual port, without redirects, within ten
 * seconds and a megabyte, at a host that `resolveOutbound` allows. The addresses that were looked at are the ones dialled,
 * so a name that leads elsewhere a moment later gains nothing. In a network that the configuration permits plain http
 * and every port will do.
 *
 * @param maxBytes - of the answer
 */
export function outbound(services: Resolving, maxBytes = 1024 * 1024): Fetch {
  return async (address, init) => {
    const url = new URL(address);
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
    if (url.username !== '' || url.password !== '') throw new OutboundRefused('The address carries a user name.');
    const host = await unlessAborted(signal, resolveOutbound(services, hostOf(url)));
    const fault = unusual(url);
    if (fault !== null && !host.isLocal) throw new OutboundRefused(fault);
    const sent = new Request(url, { ...init, redirect: 'manual' });
    return call(url, sent, signal, lookupOf(host), maxBytes);
  };
}

/** What keeps an address from being called that is not in a permitted network; null when nothing does. */
function unusual({ protocol, port }: URL): string | null {
  if (protocol !== 'https:') return 'The address does not begin with https:.';
  return ports.includes(port) ? null : `Port ${port} is none of 443 and 8443.`;
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * Why `outbound` would never call that address, for whoever is about to save it; null when it may. Of a usual address the
 * name is not looked up: a name server that is down is no fault of what was typed.
 */
export async function outboundFault(services: Resolving, address: string): Promise<string | null> {
  const url = new URL(address);
  const fault = unusual(url);
  if (fault === null && isIP(hostOf(url)) === 0) return null;
  try {
    const { isLocal } = await resolveOutbound(services, hostOf(url));
    return isLocal ? null : fault;
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error;
    return fault ?? error.message;
  }
}

/** Name servers are waited for no longer than the rest. */
function unlessAborted<T>(signal: AbortSignal, wanted: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([promise, wanted]);
}

/** Answers with what was looked at, whatever is asked. */
function lookupOf({ addresses }: Dialable): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, addresses[0], isIP(addresses[0]));
  };
}

async function call(
  url: URL,
  sent: Request,
  signal: AbortSignal,
  lookup: LookupFunction,
  maxBytes: number,
): Promise<Response> {
  const body = Buffer.from(await sent.arrayBuffer());
  const { promise, resolve: answer, reject } = Promise.withResolvers<Response>();
  const headers = { ...Object.fromEntries(sent.headers), 'accept-encoding': 'identity', 'content-length': body.length };
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = open(url, { method: sent.method, headers, agent: false, signal, lookup });
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
