import { normalizeEmail } from '../users/index.ts';

/** Who an identity provider says somebody is, in whatever protocol it said so, checked. */
export interface Assertion {
  /** The provider's own, stable name for the person. */
  readonly subject: string;
  /** Normalised; null when the provider tells none, or none that is an address. */
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly name: string | null;
  readonly groups: readonly string[];
  /** Everything it said, under its own names. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The same before anything about it was checked. */
export type RawAssertion = { readonly [Field in keyof Assertion]?: unknown };

const maxSubjectLength = 255;
const maxNameLength = 256;
const maxGroups = 500;
const maxGroupLength = 256;
/** As JSON. A provider that sends a person's whole file must not fill our database with it. */
const maxAttributesLength = 16_384;

/** @returns null when nobody was named */
export function readAssertion(raw: RawAssertion): Assertion | null {
  const { subject } = raw;
  if (typeof subject !== 'string' || subject === '' || subject.length > maxSubjectLength || !isText(subject))
    return null;
  return {
    subject,
    email: typeof raw.email === 'string' ? normalizeEmail(raw.email.trim()) : null,
    firstName: nameOf(raw.firstName),
    lastName: nameOf(raw.lastName),
    name: nameOf(raw.name),
    groups: groupsOf(raw.groups),
    attributes: attributesOf(raw.attributes),
  };
}

/** PostgreSQL has no NUL, and half a surrogate pair is no letter. */
const isText = (value: string): boolean => !/\p{Cc}/u.test(value) && value.isWellFormed();

function nameOf(value: unknown): string | null {
  if (typeof value !== 'string' || !value.isWellFormed()) return null;
  const name = value.replace(/\p{Cc}+/gu, ' ').trim();
  return name === '' || name.length > maxNameLength ? null : name;
}

function groupsOf(value: unknown): readonly string[] {
  const groups = [value].flat().filter((group): group is string => typeof group === 'string' && isText(group));
  return [...new Set(groups)].filter((group) => group !== '' && group.length <= maxGroupLength).slice(0, maxGroups);
}

function attributesOf(value: unknown): Assertion['attributes'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  // Escaped, a NUL or half a pair is plain ASCII to the database.
  const text = JSON.stringify(value);
  return text.length <= maxAttributesLength ? (JSON.parse(text) as Assertion['attributes']) : {};
}
