import { domainToUnicode } from 'node:url';
import { type Finding, problem } from './finding.ts';
import type { UriParts } from './parts.ts';
import { isWeb } from './schemes.ts';

/**
 * What keeps a web URI from being spelled the one way a browser spells it. Upper case, default ports, `127.1` and
 * decomposed IPv6 are refused rather than rewritten, and the message holds the right form.
 */
export function canonicalProblems(parts: UriParts): Finding[] {
  const { scheme, port } = parts;
  if (scheme !== scheme.toLowerCase()) {
    return [problem('not_canonical', `The scheme is written in upper case. Write "${scheme.toLowerCase()}:".`)];
  }
  const inHost = findHostProblem(parts);
  if (inHost) return [inHost];
  if (isWeb(scheme) && port === (scheme === 'http' ? '80' : '443')) {
    return [
      problem(
        'not_canonical',
        `Port ${port} is the default of ${scheme}, and browsers leave it out. Leave it out too.`,
      ),
    ];
  }
  return [];
}

/** How a browser's own parser (WHATWG URL) would read another host than the one written, or none; null where it agrees. */
export function findHostProblem({ scheme, host }: UriParts): Finding | null {
  if (!isWeb(scheme) || host === null) return null;
  // The wildcard is put out of the way by a letter; the rest must survive the parser unchanged.
  const plain = host.replace('*', 'a');
  const browser = URL.parse(`${scheme}://${plain}`);
  if (!browser || host.split('.').some(isBrokenPunycode)) {
    return problem('host_malformed', `The host "${host}" is none that a browser can open. Check its spelling.`);
  }
  if (browser.hostname === plain) return null;
  const canonical = host.includes('*') ? host.toLowerCase() : browser.hostname;
  return problem('not_canonical', `A browser writes the host "${host}" as "${canonical}". Write it like that.`);
}

/** Node passes every ASCII host through, where browsers refuse an `xn--` label that decodes to nothing. */
const isBrokenPunycode = (label: string): boolean =>
  label.startsWith('xn--') && !label.includes('*') && domainToUnicode(label).startsWith('xn--');
