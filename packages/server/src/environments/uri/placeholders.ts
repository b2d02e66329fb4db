/** Templates nobody filled in: the most common way for a redirect URI to be wrong on a hosting platform. */
import { type Finding, problem } from './finding.ts';

/** Characters searched; more are refused for their length anyway. */
const LONGEST_SEARCHED = 2048;

/**
 * The template somebody meant to be filled in, such as `${VERCEL_URL}`, or null.
 *
 * Asked first, because the characters around it would otherwise be reported one by one and hide the one real mistake.
 * `https://undefined/…` is its run-time twin: the variable was read, and was empty.
 */
export function findPlaceholder(uri: string): string | null {
  const text = uri.slice(0, LONGEST_SEARCHED).replace(/%24/gi, '$').replace(/%7b/gi, '{').replace(/%7d/gi, '}');
  return TEMPLATE.exec(text)?.[0] ?? SHELL_VARIABLE.exec(text)?.[1] ?? EMPTY_VARIABLE.exec(text)?.[1] ?? null;
}

/** `${X}`, `$(X)`, `{{X}}`, `{X}`, `<X>`, `%X_Y%` unless it reads as an escape, and `process.env.X`. */
const TEMPLATE =
  /\$\{[^{}]*\}|\$\([^()]*\)|\{\{[^{}]*\}\}|\{[^{}]*\}|<[^<>]*>|%(?![0-9A-F]{2})[A-Z][A-Z_]{2,}%|process\.env\.\w+/;
/** `$X` in the authority, where no dollar sign may stand; in a path it may be meant. */
const SHELL_VARIABLE = /^[a-z]+:\/\/[^/?#$]*(\$[A-Za-z_]\w*)/i;
/** What JavaScript prints for a variable without a value, as the whole host or port. */
const EMPTY_VARIABLE = /^https?:\/\/(?:[^/?#:]*:)?(undefined|null|NaN)(?=[:/?#]|$)/;

export function placeholderProblem(placeholder: string): Finding {
  if (/^\w+$/.test(placeholder)) {
    return problem(
      'placeholder',
      `The word "${placeholder}" stands where the host or port should be: the variable it was built from has no value. Set that variable where the app runs.`,
    );
  }
  return problem(
    'placeholder',
    `The URI contains ${placeholder} as plain text: nothing replaced it by its value. Hosting platforms do not fill in a variable inside another variable, so do not set the URI in their settings: build it in code when the app starts, from the variable's value.`,
  );
}
