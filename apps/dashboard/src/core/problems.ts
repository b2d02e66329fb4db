import { ApiProblem } from '@authkit/client';

/** One sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.fields[0]?.message ?? error.message;
  return 'Something went wrong in the dashboard itself. Reload the page and try again.';
}

/** What the server says about one field; undefined when it found nothing wrong with it. */
export function problemWith(error: unknown, field: string): string | undefined {
  return problemsWith(error, field)[0];
}

/** Everything the server says about one field. */
export function problemsWith(error: unknown, field: string): readonly string[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.fields.filter((problem) => problem.field === field).map(({ message }) => message);
}

/** The server's sentence when it belongs to none of the fields on screen, which show their own. */
export function problemElsewhere(error: unknown, shown: readonly string[]): string | undefined {
  if (error === null || error === undefined) return undefined;
  const placed = error instanceof ApiProblem && error.fields.some(({ field }) => field && shown.includes(field));
  return placed ? undefined : sentenceOf(error);
}
