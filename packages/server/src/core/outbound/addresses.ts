import { BlockList, isIP } from 'node:net';

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

/** Whether an address lies in one of these networks, in CIDR notation. An IPv4 address may be written as an IPv6 one. */
export function liesIn(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [start = '', bits = ''] = network.split('/');
    list.addSubnet(start, Number(bits), familyOf(start));
  }
  const plain = unmapped(address);
  return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
}

/** Whether it is a network as `liesIn` takes it, such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [start = '', bits = '', ...more] = text.split('/');
  const widest = { 0: -1, 4: 32, 6: 128 }[isIP(start)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= widest;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
