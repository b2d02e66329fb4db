import type { FieldError } from '../core/index.ts';
import type { EnvironmentKind } from './schema.ts';
import { canonicalProblems } from './uri/canonical.ts';
import { type Finding, problem } from './uri/finding.ts';
import { readUri } from './uri/parts.ts';
import { findPlaceholder, placeholderProblem } from './uri/placeholders.ts';
import { isWeb } from './uri/schemes.ts';

/**
 * Where we send a person who arrives without an app's request, so that the app starts its own (OpenID Connect Core
 * section 4, `initiate_login_uri`). It is a page of the app and no redirect URI: it receives no code, so it may carry
 * query parameters everywhere.
 *
 * @returns what is wrong with it; empty: it can be saved
 */
export function checkSignInEndpoint(url: string, kind: EnvironmentKind): readonly FieldError[] {
  return problemsOf(url, kind).map((found) => ({ ...found, field: 'sign_in_endpoint' }));
}

function problemsOf(url: string, kind: EnvironmentKind): readonly Finding[] {
  const placeholder = findPlaceholder(url);
  if (placeholder !== null) return [placeholderProblem(placeholder)];
  if (url.includes('*'))
    return [problem('wildcard', 'The sign-in endpoint is one page, so it cannot contain "*". Enter it in full.')];
  const reading = readUri(url);
  if ('problems' in reading) return reading.problems;
  const { scheme, host } = reading.parts;
  const lower = scheme.toLowerCase();
  if (!isWeb(lower))
    return [
      problem('scheme_forbidden', 'The sign-in endpoint is opened in a browser: it begins with https:// or http://.'),
    ];
  if (kind === 'production' && lower === 'http' && host !== '127.0.0.1') {
    return [
      problem(
        'http_in_production',
        'In production the sign-in endpoint must use https; the one exception is http://127.0.0.1.',
      ),
    ];
  }
  return canonicalProblems(reading.parts);
}
