import { isIP } from 'node:net';
import type { Services } from '../services.ts';
import { isGlobalAddress, liesIn } from './addresses.ts';

/** What somebody entered leads where we do not go for them. */
export class OutboundRefused extends Error {
  override readonly name: string = 'OutboundRefused';
}

/** A host that must not be dialled, and why, in words for whoever typed it. */
export class HostRefused extends OutboundRefused {
  override readonly name = 'HostRefused';
  readonly reason: 'unknown' | 'private';

  constructor(reason: HostRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Dialable {
  /** The ones to connect to, in this order: resolving the name again could give others. */
  readonly addresses: readonly [string, ...string[]];
  /** All lie in networks that the server's configuration permits, and none on the internet. */
  readonly isLocal: boolean;
}

export type Resolving = Pick<Services, 'config' | 'resolveAddresses'>;

/**
 * Where a host that somebody typed may be dialled: at machines that the whole internet reaches, and in the networks that
 * the configuration names. Every address it has must be allowed, or it could be chosen by luck.
 *
 * @throws {HostRefused}
 */
export async function resolveOutbound({ config, resolveAddresses }: Resolving, host: string): Promise<Dialable> {
  const [first, ...others] = isIP(host) ? [host] : await resolveAddresses(host).catch(() => []);
  if (first === undefined) throw new HostRefused('unknown', `No address is known for '${host}'. Check its spelling.`);
  const addresses = [first, ...others] as const;
  const local = addresses.filter((address) => !isGlobalAddress(address));
  if (local.some((address) => !liesIn(address, config.outboundNetworks))) {
    throw new HostRefused(
      'private',
      `'${host}' leads into a private network, which this server is not configured to reach.`,
    );
  }
  return { addresses, isLocal: local.length === addresses.length };
}
