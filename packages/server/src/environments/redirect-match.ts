/** Whether the redirect URI of a request is one that was registered. */
import { canonicalProblems, findHostProblem } from './uri/canonical.ts';
import { MAX_URI_LENGTH, readUri } from './uri/parts.ts';
import { isOnSharedGround, isTrustworthy, type Wildcard, wildcardOf } from './wildcards.ts';

export interface RedirectEntry {
  readonly id: string;
  readonly uri: string;
}

/** A registered URI, cut at its `*`. */
type Pattern =
  | { readonly kind: 'literal'; readonly uri: string }
  | { readonly kind: 'wildcard'; readonly before: string; readonly after: string; readonly wildcard: Wildcard };

export interface RedirectMatch<Entry extends RedirectEntry> {
  readonly entry: Entry;
  readonly viaWildcard: boolean;
  /** The code may be redeemed only with the client secret. */
  readonly needsClientSecret: boolean;
  /** A page names the target host and waits for a click. */
  readonly needsConfirmation: boolean;
}

const WILDCARD_LABEL = /^[a-z0-9_-]+$/;
/** That the number is one of a port, `readUri` sees to. */
const WILDCARD_PORT = /^[0-9]+$/;

/** @returns null for a wildcard that registration refuses everywhere; such an entry matches nothing, not even itself */
export function parsePattern(registered: string): Pattern | null {
  const star = registered.indexOf('*');
  if (star === -1) return { kind: 'literal', uri: registered };
  if (star !== registered.lastIndexOf('*')) return null;
  const reading = readUri(registered);
  const wildcard =
    'parts' in reading && canonicalProblems(reading.parts).length === 0 ? wildcardOf(reading.parts) : null;
  if (!wildcard || !isTrustworthy(wildcard)) return null;
  return { kind: 'wildcard', before: registered.slice(0, star), after: registered.slice(star + 1), wildcard };
}

/**
 * Plain string equality, except that a `*` stands for one label of letters, digits, hyphen and underscore (or a part of
 * one), or for one port. No normalization on either side (RFC 9700 section 4.1.3): the host of a request is written in
 * lower case, as browsers and hosting platforms write it.
 */
export function matches(registered: string, presented: string): boolean {
  // A pattern sent as it is registered is not one of the URIs that it stands for.
  if (registered === presented) return !registered.includes('*');
  return matchWildcard(registered, presented) !== null;
}

function matchWildcard(registered: string, presented: string): Wildcard | null {
  // Two string comparisons settle nearly every miss; what is costlier waits behind them.
  const star = registered.indexOf('*');
  if (star === -1 || presented.length > MAX_URI_LENGTH || presented.length < registered.length) return null;
  if (!presented.startsWith(registered.slice(0, star)) || !presented.endsWith(registered.slice(star + 1))) return null;

  const pattern = parsePattern(registered);
  if (pattern?.kind !== 'wildcard') return null;
  const stoodFor = presented.slice(pattern.before.length, presented.length - pattern.after.length);
  const fits = (pattern.wildcard.kind === 'port' ? WILDCARD_PORT : WILDCARD_LABEL).test(stoodFor);
  return fits && isWellFormed(presented) ? pattern.wildcard : null;
}

/** Our cut of the URI and the browser's name the same host: a wildcard can complete a label to a broken `xn--` one. */
function isWellFormed(presented: string): boolean {
  const reading = readUri(presented);
  return 'parts' in reading && findHostProblem(reading.parts) === null;
}

/** The entry that covers the presented URI. An exact entry wins over a wildcard, whichever was registered first. */
export function findMatch<Entry extends RedirectEntry>(
  entries: readonly Entry[],
  presented: string,
): RedirectMatch<Entry> | null {
  const exact = entries.find(({ uri }) => uri === presented && !uri.includes('*'));
  if (exact) return { entry: exact, viaWildcard: false, needsClientSecret: false, needsConfirmation: false };
  for (const entry of entries) {
    const wildcard = matchWildcard(entry.uri, presented);
    if (!wildcard) continue;
    const shared = isOnSharedGround(wildcard);
    return { entry, viaWildcard: true, needsClientSecret: shared, needsConfirmation: shared };
  }
  return null;
}
