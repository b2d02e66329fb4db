import { BodyTooLarge, MalformedBody } from './errors.ts';

/** Bytes of a body, checked before it is buffered. */
export const maxBodyBytes = 1024 * 1024;
/** Objects and arrays inside one another. */
export const maxBodyDepth = 32;

/**
 * JSON as SDKs send it: an empty body with a JSON content type is no body, and `__proto__` is plain data.
 *
 * @throws {MalformedBody} when it is not JSON or too deep
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  assertShallow(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedBody('The body is not valid JSON.');
  }
}

/** Looks at the brackets before anything is built from them. */
function assertShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text.charCodeAt(index);
    if (inString) {
      if (letter === 0x5c) index++;
      else if (letter === 0x22) inString = false;
    } else if (letter === 0x22) inString = true;
    else if (letter === 0x7b || letter === 0x5b) {
      if (++depth > maxBodyDepth) throw new MalformedBody(`The body is nested deeper than ${maxBodyDepth} levels.`);
    } else if (letter === 0x7d || letter === 0x5d) depth--;
  }
}

/** A name sent twice becomes an array, which no single-valued field accepts: duplicates are refused, not merged. */
export function parseForm(text: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else fields[name] = [before, value];
  }
  return fields;
}

export function tooLarge(): BodyTooLarge {
  return new BodyTooLarge(`The body is larger than ${maxBodyBytes / 1024} KiB.`);
}
