import { z } from 'zod';
import { isAscii } from './ascii.ts';
import { InvalidMetadata } from './errors.ts';

/** Values by key, `__proto__` and `constructor` among them: nothing here is looked up by assignment. */
export type Metadata = Readonly<Record<string, string>>;

export const maxUserKeys = 10;
const maxKeyLength = 40;
const maxValueLength = 600;

/** Metadata in a body. Checked key by key where it is merged: zod's own record would drop a key named `__proto__`. */
export const metadataInput = (maxKeys: number) =>
  z
    .custom<Record<string, unknown> | null>(
      (value) => typeof value === 'object' && !Array.isArray(value),
      'is to be an object.',
    )
    .meta({
      type: ['object', 'null'],
      additionalProperties: { type: ['string', 'null'], maxLength: maxValueLength },
      propertyNames: { maxLength: maxKeyLength },
      maxProperties: maxKeys,
    })
    .optional();

/**
 * Metadata after a change: keys that are named are set, keys set to null go, the others stay; `{}` or null clear all.
 *
 * @param maxKeys - what the contract allows this kind of object
 * @throws {InvalidMetadata}
 */
export function mergeMetadata(
  before: Metadata,
  change: Readonly<Record<string, unknown>> | null,
  maxKeys = maxUserKeys,
): Metadata {
  const changes = Object.entries(change ?? {});
  if (changes.length === 0) return {};
  const merged = new Map(Object.entries(before));
  for (const [key, value] of changes) {
    if (value === null) merged.delete(key);
    else merged.set(assertKey(key), assertValue(key, value));
  }
  if (merged.size > maxKeys)
    throw new InvalidMetadata(`Metadata has at most ${maxKeys} keys; this would make ${merged.size}.`);
  // fromEntries defines properties instead of assigning them, so `__proto__` stays plain data.
  return Object.fromEntries(merged);
}

function assertKey(key: string): string {
  if (key !== '' && key.length <= maxKeyLength && isAscii(key)) return key;
  throw new InvalidMetadata(
    `A metadata key has 1 to ${maxKeyLength} ASCII characters: '${key.slice(0, maxKeyLength)}' has not.`,
  );
}

function assertValue(key: string, value: unknown): string {
  if (typeof value === 'string' && value.length <= maxValueLength && isAscii(value)) return value;
  throw new InvalidMetadata(
    `The metadata value of '${key}' is to be a string of at most ${maxValueLength} ASCII characters, or null to remove the key.`,
  );
}
