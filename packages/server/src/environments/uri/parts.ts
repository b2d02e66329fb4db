/**
 * Reads a URI strictly: every byte must be one that a browser, a server and a string comparison see alike.
 *
 * We do not normalize. A URI that some parser would rewrite is refused, which is what makes plain string equality a safe
 * comparison afterwards (RFC 9700 section 4.1.3). Whether a readable URI may be *used* is decided in `redirect-rules.ts`
 * and `cors-origin-rules.ts`.
 */

import { type Finding, problem } from './finding.ts';
import { forbiddenScheme, isForbiddenScheme, isWeb } from './schemes.ts';

/** A URI cut at its delimiters (RFC 3986 section 3), each part exactly as written. */
export interface UriParts {
  readonly scheme: string;
  /** Null where no `//` follows the scheme, as in `com.example.app:/callback`. */
  readonly host: string | null;
  /** Digits or `*`, as written; null where there is none. */
  readonly port: string | null;
  /** Begins with `/`, or is empty. */
  readonly path: string;
  /** Without its `?`; null where there is none. */
  readonly query: string | null;
}

export type Reading = { readonly parts: UriParts } | { readonly problems: readonly Finding[] };

export const MAX_URI_LENGTH = 2048;
const MAX_LABEL_LENGTH = 63;
const MAX_HOST_LENGTH = 253;
const HIGHEST_PORT = 65_535;

/** RFC 3986 section 2: unreserved, reserved, and the percent sign. Brackets are settled per part below. */
const URI_CHARACTERS = /^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*$/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const HOST_NAME = /^[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/;
const IPV6 = /^\[[0-9A-Fa-f:.]+\]$/;

/** Cuts the URI into parts, or says which of its characters stand in the way. Accepts `*`: the rules say where it may stand. */
export function readUri(uri: string): Reading {
  const inBytes = byteProblems(uri);
  if (inBytes.length > 0) return { problems: inBytes };

  const scheme = SCHEME.exec(uri)?.[1];
  const rest = uri.slice((scheme?.length ?? -1) + 1);
  // "localhost:3000/callback" parses as the scheme "localhost". A scheme we accept is followed by a slash, a port never is.
  if (scheme === undefined || !rest.startsWith('/')) {
    if (scheme !== undefined && isForbiddenScheme(scheme)) return { problems: [forbiddenScheme(scheme)] };
    return { problems: [schemeMissing(uri)] };
  }

  const cut = /^(?:\/\/([^/?]*))?(\/[^?]*)?(?:\?(.*))?$/.exec(rest);
  const authority = cut?.[1];
  const path = cut?.[2] ?? '';
  const query = cut?.[3] ?? null;
  if (authority?.includes('@')) return { problems: [userinfoProblem] };

  const [host, port] = authority === undefined ? [null, null] : splitPort(authority);
  const parts = { scheme, host, port, path, query };
  const problems = [...hostProblems(parts), ...portProblems(parts), ...pathProblems(parts)];
  return problems.length > 0 ? { problems } : { parts };
}

/** The wrong characters that leave no way of reading on: each one makes some parser see another URI than the next. */
function byteProblems(uri: string): Finding[] {
  if (uri === '')
    return [problem('empty', 'The URI is empty. Enter a complete one, such as http://localhost:3000/callback.')];
  if (uri.length > MAX_URI_LENGTH) {
    return [
      problem(
        'too_long',
        `The URI has ${uri.length} characters; ${MAX_URI_LENGTH} are allowed. Carry data in "state" and shorten it.`,
      ),
    ];
  }
  const problems: Finding[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  if (/[\u0000-\u001f\u007f]/.test(uri)) {
    problems.push(
      problem(
        'control_character',
        'The URI contains a tab, a line break or another control character. Remove it; it often comes from copying.',
      ),
    );
  }
  if (uri.includes(' '))
    problems.push(problem('space', 'The URI contains a space. Remove it, or write %20 where the path needs one.'));
  if (uri.includes('\\')) {
    problems.push(
      problem('backslash', 'The URI contains a backslash, which browsers read as a slash. Write "/" instead.'),
    );
  }
  const foreign = /[^\p{ASCII}]/u.exec(uri)?.[0];
  if (foreign !== undefined) problems.push(nonAscii(uri, foreign));
  if (problems.length > 0) return problems;

  if (!URI_CHARACTERS.test(uri)) {
    const character = [...uri].find((each) => !URI_CHARACTERS.test(each));
    return [
      problem(
        'forbidden_character',
        `The character ${character} may not stand in a URI (RFC 3986). Percent-encode it or remove it.`,
      ),
    ];
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(uri)) {
    return [problem('broken_escape', 'A "%" is not followed by two hexadecimal digits. Write %25 for a percent sign.')];
  }
  if (/%(?:[01][0-9A-Fa-f]|7[Ff])/.test(uri)) {
    return [
      problem('control_character', 'The URI contains an encoded control character, such as %00 or %0A. Remove it.'),
    ];
  }
  if (uri.includes('#')) {
    return [
      problem(
        'fragment',
        'The URI has a fragment. Remove everything from "#" on: a fragment never reaches a server (RFC 6749 section 3.1.2).',
      ),
    ];
  }
  return [];
}

function nonAscii(uri: string, character: string): Finding {
  const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const canonical =
    URL.canParse(uri) && /^https?:/i.test(uri)
      ? ` A browser reads it as ${new URL(uri).href}; register that if it is what you mean.`
      : '';
  return problem(
    'non_ascii',
    `The URI contains ${codePoint}, which is not an ASCII character. Write an international host name in its xn-- form, and percent-encode the rest.${canonical}`,
  );
}

const userinfoProblem = problem(
  'userinfo',
  'There is an "@" before the host, so what stands before it is a user name and not the host. Remove everything up to the "@".',
);

function schemeMissing(uri: string): Finding {
  const bare = uri.replace(/^\/*/, '');
  const local = /^(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?]|$)/.test(bare);
  const named = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?=[:/?]|$)/.test(bare);
  const suggestion = local ? `http://${bare}` : named ? `https://${bare}` : 'https://example.com/callback';
  return problem(
    'scheme_missing',
    `The URI does not begin with a scheme followed by a slash. Write it in full${local || named ? '' : ', for example'}: ${suggestion}`,
  );
}

/** The last colon starts the port, unless it stands inside the brackets of an IPv6 address. */
function splitPort(authority: string): [host: string, port: string | null] {
  const colon = authority.lastIndexOf(':');
  if (colon === -1 || colon < authority.lastIndexOf(']')) return [authority, null];
  return [authority.slice(0, colon), authority.slice(colon + 1)];
}

function hostProblems({ scheme, host }: UriParts): Finding[] {
  const web = isWeb(scheme.toLowerCase());
  if (host === null || host === '') {
    return web
      ? [
          problem(
            'host_missing',
            `There is no host. Write two slashes and the host after "${scheme}:", as in ${scheme}://example.com/callback.`,
          ),
        ]
      : [];
  }
  if (IPV6.test(host)) return [];
  if (host.endsWith('.')) {
    return [
      problem(
        'host_trailing_dot',
        `The host ends in a dot, which makes it another string for the same place. Write ${host.replace(/\.+$/, '')}.`,
      ),
    ];
  }
  if (!HOST_NAME.test(host)) {
    return [
      problem(
        'host_malformed',
        `The host "${host}" is not a host name. Labels of letters, digits, "-" and "_" are separated by single dots.`,
      ),
    ];
  }
  if (host.length > MAX_HOST_LENGTH || host.split('.').some((label) => label.length > MAX_LABEL_LENGTH)) {
    return [
      problem(
        'host_too_long',
        `The host name is too long: ${MAX_LABEL_LENGTH} characters a label and ${MAX_HOST_LENGTH} in all (RFC 1035 section 2.3.4).`,
      ),
    ];
  }
  return [];
}

function portProblems({ port }: UriParts): Finding[] {
  if (port === null || port === '*') return [];
  if (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= HIGHEST_PORT) return [];
  return [
    problem(
      'port_malformed',
      `The port "${port}" is not one. Write a number from 1 to ${HIGHEST_PORT} without leading zeros, or leave the colon out.`,
    ),
  ];
}

function pathProblems({ path, query }: UriParts): Finding[] {
  // Some servers decode %2F and %5C before they resolve "..", so the dots are looked for as such a server would see them.
  const decoded = path.replace(/%2e/gi, '.').replace(/%2f|%5c/gi, '/');
  if (decoded.split('/').some((segment) => segment === '.' || segment === '..')) {
    return [
      problem(
        'dot_segment',
        'The path contains "." or ".." as a segment (perhaps encoded), which browsers resolve to another path. Write the resolved path.',
      ),
    ];
  }
  if (/[[\]]/.test(path) || /[[\]]/.test(query ?? '')) {
    return [
      problem(
        'forbidden_character',
        'Square brackets may stand only around an IPv6 host (RFC 3986 section 3.2.2). Write %5B and %5D.',
      ),
    ];
  }
  return [];
}
