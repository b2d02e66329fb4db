/** Which redirect URIs an environment may register. Sign-out redirects are held to the same rules, in their own list. */
import { canonicalProblems } from './uri/canonical.ts';
import { type Finding, problem } from './uri/finding.ts';
import { readUri, type UriParts } from './uri/parts.ts';
import { findPlaceholder, placeholderProblem } from './uri/placeholders.ts';
import { forbiddenScheme, isForbiddenScheme, isLocalhost, isLoopback, isWeb } from './uri/schemes.ts';
import {
  groundUnder,
  isOnSharedGround,
  MIN_HOSTING_SUFFIX_LENGTH,
  namesOneCustomer,
  type Wildcard,
  wildcardOf,
} from './wildcards.ts';

export type { Finding } from './uri/finding.ts';

export interface RegistrationPolicy {
  readonly kind: 'staging' | 'production';
  /** Strict redirects: no wildcard at all. */
  readonly strict: boolean;
  /** True when the entry is, or is about to become, the environment's default. */
  readonly asDefault?: boolean;
}

export type Registration =
  | {
      readonly allowed: true;
      readonly warnings: readonly Finding[];
      /** Codes sent to this entry may be redeemed only with the client secret. */
      readonly needsClientSecret: boolean;
      /** No silent sign-on to this entry: a page names the target host and waits for a click. */
      readonly needsConfirmation: boolean;
    }
  | { readonly allowed: false; readonly problems: readonly Finding[] };

/**
 * Parameters of an authorization response (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207 section 2). We add them to the
 * query, and a parameter must not occur twice (RFC 6749 section 3.1); with two, which one a framework hands to the app is
 * anybody's guess. `error_description` and `error_uri` are shown to people, so a fixed one would put words in our mouth.
 */
const RESPONSE_PARAMETERS: ReadonlySet<string> = new Set([
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
]);

/** Judges a URI that somebody wants to register. Reports every problem of it that can be told at once. */
export function checkRegistration(uri: string, policy: RegistrationPolicy): Registration {
  const placeholder = findPlaceholder(uri);
  if (placeholder !== null) return { allowed: false, problems: [placeholderProblem(placeholder)] };
  if (uri.indexOf('*') !== uri.lastIndexOf('*')) return { allowed: false, problems: [wildcardTwice] };
  const reading = readUri(uri);
  if ('problems' in reading) return { allowed: false, problems: reading.problems };

  const { parts } = reading;
  const wildcard = wildcardOf(parts);
  const problems = [
    ...schemeProblems(parts, policy),
    ...canonicalProblems(parts),
    ...queryProblems(parts, policy),
    ...(wildcard ? wildcardProblems(parts, wildcard, policy) : []),
  ];
  if (problems.length > 0) return { allowed: false, problems };

  const shared = isOnSharedGround(wildcard);
  return { allowed: true, warnings: warningsFor(parts, shared), needsClientSecret: shared, needsConfirmation: shared };
}

function schemeProblems({ scheme, host }: UriParts, { kind }: RegistrationPolicy): Finding[] {
  if (isForbiddenScheme(scheme)) return [forbiddenScheme(scheme)];
  if (kind === 'staging' || host === null) return [];
  const lower = scheme.toLowerCase();
  if (isWeb(lower) && isLocalhost(host.toLowerCase())) {
    return [
      problem(
        'localhost_in_production',
        'Production does not redirect to localhost. Register it in staging; a native app may use http://127.0.0.1 with its port (RFC 8252 section 7.3).',
      ),
    ];
  }
  if (lower === 'http' && host !== '127.0.0.1') {
    return [
      problem(
        'http_in_production',
        'Production redirects to https only; the one exception is http://127.0.0.1. Write https://, or register this in staging.',
      ),
    ];
  }
  return [];
}

function queryProblems({ query }: UriParts, { kind }: RegistrationPolicy): Finding[] {
  if (query === null) return [];
  if (kind === 'production') {
    return [
      problem(
        'query_in_production',
        'A production redirect URI has no query. Remove everything from "?" on and carry the values in "state".',
      ),
    ];
  }
  const taken = [...new URLSearchParams(query).keys()].find((name) => RESPONSE_PARAMETERS.has(name));
  if (taken === undefined) return [];
  return [problem('query_reserved', `The query parameter "${taken}" is one that we add to the answer. Rename yours.`)];
}

const wildcardTwice = problem(
  'wildcard_twice',
  'There is more than one "*". One is allowed, in the leftmost label of the host or as the port of localhost.',
);

function wildcardProblems(parts: UriParts, wildcard: Wildcard, policy: RegistrationPolicy): Finding[] {
  if (wildcard.kind === 'misplaced') return [misplaced(wildcard.where)];
  const problems: Finding[] = [];
  if (policy.asDefault) {
    problems.push(
      problem(
        'wildcard_default',
        'The default redirect URI cannot contain "*", because it is where people are sent when nothing says which host they came from. Choose an exact one.',
      ),
    );
  }
  if (policy.strict) {
    problems.push(
      problem(
        'wildcard_strict',
        'This environment has strict redirects on, which allow no "*". Register each URI in full, or switch strict redirects off in the settings.',
      ),
    );
  } else if (policy.kind === 'production' && parts.scheme === 'http') {
    problems.push(
      problem(
        'wildcard_http_production',
        'In production a "*" is allowed with https only. Write https://, or register each port you use.',
      ),
    );
  }
  return wildcard.kind === 'label' ? [...problems, ...groundProblems(wildcard, policy)] : problems;
}

function misplaced(where: (Wildcard & { kind: 'misplaced' })['where']): Finding {
  switch (where) {
    case 'scheme':
      return problem(
        'wildcard_scheme',
        'A "*" works with http and https only. Register a URI with a scheme of your own in full.',
      );
    case 'port':
      return problem(
        'wildcard_port',
        'A "*" as the port is allowed for localhost, 127.0.0.1 and [::1] only. Write the port number.',
      );
    case 'host':
      return problem(
        'wildcard_not_leftmost',
        'A "*" may stand only in the leftmost label of the host, as in https://*.preview.example.com/callback.',
      );
    case 'path':
    case 'query':
      return problem(
        'wildcard_outside_host',
        `A "*" may not stand in the ${where}. Register each URI in full, or carry what varies in "state".`,
      );
  }
}

function groundProblems(
  { prefix, suffix, parent }: Wildcard & { kind: 'label' },
  { kind }: RegistrationPolicy,
): Finding[] {
  if (prefix.startsWith('xn--')) {
    return [
      problem(
        'wildcard_punycode',
        'A label beginning with "xn--" is one encoded word and cannot be cut by a "*". Register it in full.',
      ),
    ];
  }
  const swallows = problem(
    'wildcard_swallows_domain',
    `The "*" reaches into the domain itself, so it would match domains of strangers, such as ${prefix}evil${suffix}${parent && `.${parent}`}. Put a dot after it, as in https://*.example.com/callback.`,
  );
  if (parent === '') return [swallows];
  switch (groundUnder(parent)) {
    case 'own':
    case 'this_machine':
      return [];
    case 'public_suffix':
      if (prefix !== '' || suffix !== '') return [swallows];
      return [
        problem(
          'wildcard_public_suffix',
          `Anybody can have a domain directly under "${parent}", so a "*" there would match strangers. Use it under a domain of your own.`,
        ),
      ];
    case 'hosting_suffix':
      if (kind === 'production') {
        return [
          problem(
            'wildcard_hosting_production',
            `Everybody's sites are under "${parent}", so production allows no "*" there. Register the exact host or a domain of your own.`,
          ),
        ];
      }
      if (namesOneCustomer(suffix)) return [];
      return [
        problem(
          'wildcard_hosting_suffix',
          `Everybody's sites are under "${parent}". After the "*" write an ending of at least ${MIN_HOSTING_SUFFIX_LENGTH} characters that only your team has, as in https://*-your-team-name.${parent}/callback.`,
        ),
      ];
  }
}

function warningsFor({ scheme, host }: UriParts, shared: boolean): Finding[] {
  const warnings: Finding[] = [];
  if (shared) {
    warnings.push(
      problem(
        'shared_hosting',
        'Other customers of this hosting service may create a host with the same ending. Codes sent there can be redeemed only with the client secret, and people confirm the host before they are signed in. Staging only.',
      ),
    );
  }
  if (!isWeb(scheme) && !scheme.includes('.')) {
    warnings.push(
      problem(
        'scheme_not_unique',
        `Any app on a device can claim "${scheme}:". Prefer a scheme made from a domain of yours, such as com.example.app (RFC 8252 section 7.1), and always use PKCE.`,
      ),
    );
  }
  if (scheme === 'http' && host !== null && !isLoopback(host) && !isLocalhost(host)) {
    warnings.push(
      problem(
        'http_unencrypted',
        'Codes sent to this URI cross the network unencrypted. Production will ask for https.',
      ),
    );
  }
  return warnings;
}
