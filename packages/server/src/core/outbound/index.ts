/**
 * Where a server goes for somebody: one rule for which addresses may be dialled, and calls and connections that keep to it.
 */
export { isGlobalAddress, isNetwork, localNetworks } from './addresses.ts';
export { type Fetch, outbound, outboundFault } from './fetch.ts';
export { type Dialable, HostRefused, OutboundRefused, resolveOutbound } from './host.ts';
