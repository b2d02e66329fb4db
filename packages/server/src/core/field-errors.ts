import type { z } from 'zod';
import type { FieldError } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Turns what zod found into our field errors: its codes and phrases are a library's, and ours are a promise. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => {
    const field = issue.path.map(String).join('.') || 'body';
    const snake = field.replaceAll('.', '_');
    const expected = wantedBy(issue);
    if (expected !== null) {
      const wanted = expected === 'string' ? 'a non-empty string' : (kinds[expected] ?? expected);
      return { code: `${snake}_${expected}_required`, message: `'${field}' is required: send ${wanted}.`, field };
    }
    return { code: `${snake}_invalid`, message: sentence(field, issue), field };
  });
}

/** What should have been sent where nothing was, or an empty text; null where something was. */
function wantedBy(issue: Issue): string | null {
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1) return 'string';
  const isAbsent =
    (issue.code === 'invalid_type' && issue.input === undefined) || issue.message.includes('received undefined');
  if (!isAbsent) return null;
  return issue.code === 'invalid_type' ? issue.expected : 'string';
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** zod's own phrases begin like this. Any other was written for the field in question, and stays. */
const isLibraryPhrase = (message: string): boolean => /^(Invalid|Too small|Too big|Unrecognized)\b/.test(message);

function sentence(field: string, issue: Issue): string {
  if (isLibraryPhrase(issue.message)) return `'${field}' ${predicate(issue)}`;
  // "contains …" goes on about the field; "Leave out …" speaks to the caller.
  return /^\p{Lu}/u.test(issue.message) ? `'${field}': ${issue.message}` : `'${field}' ${issue.message}`;
}

function predicate(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? `of another type: ${issue.expected}`}.`;
    case 'too_small':
      return `must ${amount(issue.origin, Number(issue.minimum), issue, ['or more', 'more than'])}.`;
    case 'too_big':
      return `must ${amount(issue.origin, Number(issue.maximum), issue, ['or less', 'less than'])}.`;
    case 'invalid_value':
      return `must be ${choice(issue.values.map(String))}.`;
    case 'unrecognized_keys':
      return `must not contain ${issue.keys.map((key) => `'${key}'`).join(', ')}.`;
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'of the documented form'}.`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}.`;
    case 'invalid_key':
      return 'has a name that is not allowed.';
    default:
      return 'is not of the documented form.';
  }
}

const formats: Readonly<Record<string, string>> = {
  email: 'an email address',
  url: 'an absolute URL',
  datetime: 'a date and time as in ISO 8601',
  uuid: 'a UUID',
};

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

/** "be 1 or more"; of texts and lists "have at most 3 characters", as they have a length and are none. */
function amount(
  origin: string,
  limit: number,
  { inclusive = true, exact = false }: { inclusive?: boolean | undefined; exact?: boolean | undefined },
  [inclusively, exclusively]: readonly [string, string],
): string {
  const unit = units[origin];
  if (!unit) return inclusive ? `be ${limit} ${inclusively}` : `be ${exclusively} ${limit}`;
  const bound = exact ? 'exactly' : inclusively === 'or more' ? 'at least' : 'at most';
  return `have ${bound} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

/** "'a'", "'a' or 'b'", "'a', 'b' or 'c'". */
function choice(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
