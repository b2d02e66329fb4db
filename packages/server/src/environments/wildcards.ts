/** Where a `*` may stand in a redirect URI, and on whose ground the hosts it stands for are. */
import { parse } from 'tldts';
import type { UriParts } from './uri/parts.ts';
import { isLocalhost, isLoopback, isWeb } from './uri/schemes.ts';

export type Wildcard =
  | { readonly kind: 'label'; readonly prefix: string; readonly suffix: string; readonly parent: string }
  | { readonly kind: 'port' }
  | { readonly kind: 'misplaced'; readonly where: 'scheme' | 'host' | 'port' | 'path' | 'query' };

/**
 * Who may own a host directly under `parent`:
 * - `own`: only the owner of a registrable domain.
 * - `this_machine`: nobody but this machine, as names under `localhost` never leave it (RFC 6761 section 6.3).
 * - `hosting_suffix`: any customer of a hosting service (private section of the public suffix list, as `vercel.app`).
 * - `public_suffix`: anybody who buys a domain.
 */
type Ground = 'own' | 'this_machine' | 'hosting_suffix' | 'public_suffix';

/**
 * Shortest literal ending of a label that names one customer of a hosting service. Short endings such as `-app` are free
 * for everybody to take; this many characters are what such services give a team's name.
 */
export const MIN_HOSTING_SUFFIX_LENGTH = 8;

/**
 * An ending that is long enough and yet everybody's: a personal account's hosts on vercel.app end in `-<name>-projects`,
 * and somebody in a hurry cuts off the name.
 */
const EVERYBODYS_ENDINGS: ReadonlySet<string> = new Set(['-projects', 'projects']);

export const namesOneCustomer = (suffix: string): boolean =>
  suffix.length >= MIN_HOSTING_SUFFIX_LENGTH && !EVERYBODYS_ENDINGS.has(suffix);

/** The URI's wildcard, or null where it has none. The caller has made sure that there are not two. */
export function wildcardOf({ scheme, host, port, path, query }: UriParts): Wildcard | null {
  if (path.includes('*')) return { kind: 'misplaced', where: 'path' };
  if (query?.includes('*')) return { kind: 'misplaced', where: 'query' };
  const inHost = host?.includes('*') ?? false;
  if (!inHost && port !== '*') return null;
  if (!isWeb(scheme)) return { kind: 'misplaced', where: 'scheme' };
  if (port === '*') return host !== null && isLoopback(host) ? { kind: 'port' } : { kind: 'misplaced', where: 'port' };

  const [label = '', ...parent] = (host ?? '').split('.');
  const star = label.indexOf('*');
  if (star === -1) return { kind: 'misplaced', where: 'host' };
  return { kind: 'label', prefix: label.slice(0, star), suffix: label.slice(star + 1), parent: parent.join('.') };
}

const LOOK_UP = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const;

export function groundUnder(parent: string): Ground {
  if (isLocalhost(parent)) return 'this_machine';
  const { domain, isPrivate } = parse(parent, LOOK_UP);
  if (domain !== null) return 'own';
  return isPrivate ? 'hosting_suffix' : 'public_suffix';
}

/**
 * Whether the wildcard stands where its matches can be trusted at all. Registration has refused the others, with reasons;
 * each match asks again, because the public suffix list grows and a row may come from a restored backup.
 */
export function isTrustworthy(wildcard: Wildcard | null): boolean {
  if (wildcard?.kind === 'port') return true;
  if (wildcard?.kind !== 'label' || wildcard.parent === '') return false;
  const ground = groundUnder(wildcard.parent);
  if (ground === 'hosting_suffix') return namesOneCustomer(wildcard.suffix);
  return ground !== 'public_suffix';
}

/** True where the hosts matched belong to customers of a hosting service, of whom only the label's ending tells ours. */
export const isOnSharedGround = (wildcard: Wildcard | null): boolean =>
  wildcard?.kind === 'label' && groundUnder(wildcard.parent) === 'hosting_suffix';
