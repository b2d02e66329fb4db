/**
 * Explains a refused redirect URI to the developer who caused it: which registered entry it nearly was, and what differs.
 *
 * Shown to operators and in staging only. In production the list of registered URIs is nobody's business.
 */
import { findMatch, matches, type RedirectEntry } from './redirect-match.ts';
import { checkRegistration, type RegistrationPolicy } from './redirect-rules.ts';
import { readUri, type UriParts } from './uri/parts.ts';
import { findPlaceholder, placeholderProblem } from './uri/placeholders.ts';
import { isLoopback } from './uri/schemes.ts';
import { groundUnder, MIN_HOSTING_SUFFIX_LENGTH, namesOneCustomer, wildcardOf } from './wildcards.ts';

export interface RefusalExplanation {
  readonly reason: string;
  /** The most similar entry, and the first difference from it in words. */
  readonly closest: { readonly id: string; readonly uri: string; readonly difference: string } | null;
  /** A wildcard entry that `policy` allows and that would cover this preview host. */
  readonly suggestion: string | null;
}

/** One difference: how far it takes the two apart, and how to say it. */
interface Difference {
  readonly cost: number;
  readonly text: string;
}

/** From here on a host is not a slip of the hand but a different place. */
const anotherHostCost = 10;

/** @param policy - decides which wildcard may be suggested; the default is that of a staging environment */
export function explainRefusal(
  entries: readonly RedirectEntry[],
  presented: string,
  policy: RegistrationPolicy = { kind: 'staging', strict: false },
): RefusalExplanation {
  const unreadable = (reason: string) => ({ reason, closest: null, suggestion: null });
  const placeholder = findPlaceholder(presented);
  if (placeholder !== null) return unreadable(placeholderProblem(placeholder).message);
  const reading = readUri(presented);
  if ('problems' in reading) return unreadable(reading.problems.map(({ message }) => message).join(' '));
  if (presented.includes('*')) {
    return unreadable(
      'The request holds a "*" itself. A registered wildcard stands for real hosts: send the host the app runs on.',
    );
  }

  const closest = findClosest(entries, reading.parts);
  const suggestion = suggestWildcard(reading.parts, presented, policy);
  const advice = suggestion === null ? '' : ` To cover all previews, register ${suggestion}.`;
  const reason = closest
    ? `This URI is not registered. ${closest.difference}${advice}`
    : `No URI is registered yet. Register the one the app sends.${advice}`;
  return { reason, closest, suggestion };
}

function findClosest(entries: readonly RedirectEntry[], presented: UriParts): RefusalExplanation['closest'] {
  const ranked = entries.flatMap(({ id, uri }) => {
    const reading = readUri(uri);
    if ('problems' in reading) return [];
    const differences = differencesBetween(reading.parts, presented);
    const first = differences[0];
    if (!first) return [];
    return [{ id, uri, difference: first.text, cost: differences.reduce((sum, { cost }) => sum + cost, 0) }];
  });
  const best = ranked.toSorted((a, b) => a.cost - b.cost)[0];
  return best ? { id: best.id, uri: best.uri, difference: best.difference } : null;
}

/**
 * In the order in which people read a URI, except that another host comes first: beside it the scheme is a trifle, and
 * whoever reads of the scheme alone mends it and is refused again. Costs only rank entries: a slip of the hand is cheap.
 */
function differencesBetween(registered: UriParts, presented: UriParts): Difference[] {
  const scheme = schemeDifference(registered.scheme, presented.scheme);
  const host = hostDifference(registered, presented);
  // Without a host on either side (`com.example.app:/callback`) it is the scheme that tells two apps apart.
  const isElsewhere = registered.host && presented.host && host !== null && host.cost >= anotherHostCost;
  return [
    ...(isElsewhere ? [host, scheme] : [scheme, host]),
    portDifference(registered.port, presented.port),
    pathDifference(registered.path, presented.path),
    queryDifference(registered.query, presented.query),
  ].filter((difference) => difference !== null);
}

function schemeDifference(registered: string, presented: string): Difference | null {
  if (registered === presented) return null;
  if (registered === presented.toLowerCase())
    return { cost: 1, text: `The scheme differs in case: write "${registered}:".` };
  return { cost: 3, text: `The scheme differs: "${registered}:" is registered, "${presented}:" was requested.` };
}

function hostDifference(registered: UriParts, presented: UriParts): Difference | null {
  const [ours, theirs] = [registered.host ?? '', presented.host ?? ''];
  if (ours === theirs || coversHost(ours, theirs)) return null;
  if (ours.includes('*')) return wildcardHostDifference(registered, theirs);
  if (ours === theirs.toLowerCase()) {
    return { cost: 1, text: `The host differs in case only: "${ours}" is registered, "${theirs}" was requested.` };
  }
  if (isLoopback(ours) && isLoopback(theirs)) {
    return {
      cost: 1,
      text: `"${ours}" is registered and "${theirs}" was requested. Both name this machine, and still they are two different hosts.`,
    };
  }
  return {
    cost: anotherHostCost + 10 * dissimilarity(ours, theirs),
    text: `The host differs: "${ours}" is registered, "${theirs}" was requested.`,
  };
}

const coversHost = (pattern: string, host: string): boolean =>
  pattern.includes('*') && matches(`https://${pattern}`, `https://${host}`);

function wildcardHostDifference(registered: UriParts, host: string): Difference {
  const wildcard = wildcardOf(registered);
  const parent = wildcard?.kind === 'label' ? wildcard.parent : '';
  if (wildcard?.kind !== 'label' || !host.endsWith(`.${parent}`)) {
    return {
      cost: anotherHostCost + 10 * dissimilarity(registered.host ?? '', host),
      text: `The host differs: "${registered.host}" is registered, "${host}" was requested.`,
    };
  }
  const label = host.slice(0, -parent.length - 1);
  if (label.includes('.')) {
    return { cost: 3, text: `The "*" in "${registered.host}" stands for one label; "${label}" has a dot in it.` };
  }
  if (label !== label.toLowerCase())
    return { cost: 1, text: `The host differs in case: write "${host.toLowerCase()}".` };
  return { cost: 4, text: `The host "${host}" does not have the form "${registered.host}".` };
}

function portDifference(registered: string | null, presented: string | null): Difference | null {
  if (registered === presented || (registered === '*' && presented !== null)) return null;
  if (registered === '*')
    return { cost: 2, text: 'The port differs: any port is registered, but the request names none.' };
  const name = (port: string | null) => (port === null ? 'no port' : `port ${port}`);
  return { cost: 2, text: `The port differs: ${name(registered)} is registered, ${name(presented)} was requested.` };
}

function pathDifference(registered: string, presented: string): Difference | null {
  if (registered === presented) return null;
  if (`${registered}/` === presented)
    return { cost: 1, text: 'The requested URI ends in a slash, the registered one does not.' };
  if (registered === `${presented}/`)
    return { cost: 1, text: 'The registered URI ends in a slash, the requested one does not.' };
  const name = (path: string) => (path === '' ? 'no path' : `"${path}"`);
  const text = `${name(registered)} is registered, ${name(presented)} was requested.`;
  if (registered.toLowerCase() === presented.toLowerCase())
    return { cost: 1, text: `The path differs in case only: ${text}` };
  return { cost: 4 + 4 * dissimilarity(registered, presented), text: `The path differs: ${text}` };
}

function queryDifference(registered: string | null, presented: string | null): Difference | null {
  if (registered === presented) return null;
  if (registered === null) {
    return {
      cost: 2,
      text: `The query differs: none is registered, "?${presented}" was requested. Carry such values in "state".`,
    };
  }
  return {
    cost: 2,
    text: `The query differs: "?${registered}" is registered, ${presented === null ? 'none' : `"?${presented}"`} was requested.`,
  };
}

/** 0 for equal texts, towards 1 the less of them a common beginning and end cover. */
function dissimilarity(a: string, b: string): number {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < shorter.length && shorter[start] === longer[start]) start++;
  let end = 0;
  while (end < shorter.length - start && shorter.at(-1 - end) === longer.at(-1 - end)) end++;
  return 1 - (start + end) / Math.max(longer.length, 1);
}

const PREVIEW_WORD = /(?:^|-)(?:pr|mr|preview|branch|deploy|git|feature)(?:-|\d|$)/;
const PREVIEW_PARENT = /^(?:pr|preview|previews|review|branch|branches|dev|staging)\./;

function suggestWildcard(parts: UriParts, presented: string, policy: RegistrationPolicy): string | null {
  const [label = '', ...rest] = (parts.host ?? '').split('.');
  const parent = rest.join('.');
  if (parent === '' || policy.asDefault) return null;
  const pattern = previewPattern(label, parent);
  if (pattern === null) return null;
  const suggestion = presented.replace(`//${label}.`, () => `//${pattern}.`);
  const covers =
    checkRegistration(suggestion, policy).allowed && findMatch([{ id: '', uri: suggestion }], presented) !== null;
  return covers ? suggestion : null;
}

/** The label with its changing part replaced by `*`, or null where it does not look like that of a preview. */
function previewPattern(label: string, parent: string): string | null {
  const ground = groundUnder(parent);
  if (ground === 'own') return PREVIEW_WORD.test(label) || PREVIEW_PARENT.test(parent) ? '*' : null;
  if (ground !== 'hosting_suffix') return null;
  // Netlify puts "--" before the site's name; elsewhere the last words that are long enough are most likely the team's.
  const site = label.lastIndexOf('--');
  const cut = site > 0 ? site : wholeWordsFrom(label);
  const ending = label.slice(cut);
  return cut > 0 && namesOneCustomer(ending) ? `*${ending}` : null;
}

/** Where the shortest ending of whole words begins that names one customer; 0 where there is none. */
function wholeWordsFrom(label: string): number {
  for (let cut = label.lastIndexOf('-'); cut > 0; cut = label.lastIndexOf('-', cut - 1)) {
    if (label.length - cut >= MIN_HOSTING_SUFFIX_LENGTH && namesOneCustomer(label.slice(cut))) return cut;
  }
  return 0;
}
