import { BlockList, isIP } from 'node:net';
import { isGlobalAddress } from './outbound.ts';
import type { Services } from './services.ts';

/** This machine and the networks behind it: what a development server may reach besides the internet. */
export const localNetworks: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
];

/** An IPv4 address in IPv6 clothes is that IPv4 address, whichever way it is written. */
function unmapped(address: string): string {
  const parts = isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(parts) ?? [];
  if (high === undefined || low === undefined) return parts;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** A host that must not be dialled, and why, in words for whoever typed it. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
  readonly reason: 'unknown' | 'private';

  constructor(reason: HostRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Dialable {
  /** The one to connect to: resolving the name again could give another answer. */
  readonly address: string;
  /** It lies in a network that the server's configuration permits, and not on the internet. */
  readonly isLocal: boolean;
}

/**
 * Where a host that somebody typed may be dialled. Every address it has must be allowed, or it could be chosen by luck.
 *
 * @throws {HostRefused}
 */
export async function resolveOutbound(
  { config, resolveAddresses }: Pick<Services, 'config' | 'resolveAddresses'>,
  host: string,
): Promise<Dialable> {
  const addresses = isIP(host) ? [host] : await resolveAddresses(host).catch(() => []);
  const [first] = addresses;
  if (first === undefined) throw new HostRefused('unknown', `No address is known for '${host}'. Check its spelling.`);
  const permitted = permittedNetworks(config.outboundNetworks);
  for (const address of addresses) {
    if (isGlobalAddress(address) || permitted.check(unmapped(address), familyOf(unmapped(address)))) continue;
    throw new HostRefused(
      'private',
      `'${host}' leads into a private network, which this server is not configured to reach.`,
    );
  }
  return { address: first, isLocal: addresses.some((address) => !isGlobalAddress(address)) };
}

function permittedNetworks(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
