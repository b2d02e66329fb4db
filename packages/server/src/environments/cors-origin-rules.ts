/** Which browser origins may call the API with a visitor's session. */
import { canonicalProblems } from './uri/canonical.ts';
import { type Finding, problem } from './uri/finding.ts';
import { readUri } from './uri/parts.ts';
import { findPlaceholder, placeholderProblem } from './uri/placeholders.ts';
import { isLocalhost, isWeb } from './uri/schemes.ts';

type CorsOriginCheck = { readonly allowed: true } | { readonly allowed: false; readonly problems: readonly Finding[] };

/**
 * Judges an origin that somebody wants to allow. It is compared with the `Origin` header by plain string equality, so only
 * the form in which browsers serialize an origin is accepted (RFC 6454 section 6.2): lower case, no default port, no path.
 */
export function checkCorsOrigin(origin: string, { kind }: { kind: 'staging' | 'production' }): CorsOriginCheck {
  const problems = corsOriginProblems(origin, kind);
  return problems.length > 0 ? { allowed: false, problems } : { allowed: true };
}

function corsOriginProblems(origin: string, kind: 'staging' | 'production'): readonly Finding[] {
  if (origin === 'null') {
    return [
      problem(
        'null_origin',
        'Every sandboxed frame and local file sends the origin "null", so allowing it would allow them all. Serve the page from a host and enter that.',
      ),
    ];
  }
  const placeholder = findPlaceholder(origin);
  if (placeholder !== null) return [placeholderProblem(placeholder)];
  if (origin.includes('*')) {
    return [
      problem(
        'wildcard',
        'An origin cannot contain "*": each allowed origin may read answers meant for a signed-in person. Add each origin in full.',
      ),
    ];
  }
  const reading = readUri(origin);
  if ('problems' in reading) return reading.problems;

  const { scheme, host, port, path, query } = reading.parts;
  const lower = scheme.toLowerCase();
  if (!isWeb(lower) || host === null)
    return [
      problem('scheme_forbidden', 'An origin begins with https:// or http://. Enter the one your page is served from.'),
    ];
  const problems = [...canonicalProblems(reading.parts)];
  if (path !== '' || query !== null) {
    const end = origin.indexOf(host) + host.length + (port === null ? 0 : port.length + 1);
    problems.push(
      problem(
        'not_an_origin',
        `An origin ends after the host and port. Write ${origin.slice(0, end)}, with nothing after it.`,
      ),
    );
  }
  if (kind === 'production' && lower === 'http') {
    problems.push(
      problem(
        'http_in_production',
        'Production allows https origins only. Write https://, or add this origin in staging.',
      ),
    );
  } else if (kind === 'production' && isLocalhost(host.toLowerCase())) {
    problems.push(
      problem('localhost_in_production', 'Production does not answer pages on localhost. Add this origin in staging.'),
    );
  }
  return problems;
}
