import { normalizeEmail } from '../users/index.ts';
import type { Claims, ProviderDescription } from './description.ts';

/** Who a provider says somebody is, checked. */
export interface Profile {
  /** The provider's own, stable name for the account. */
  readonly subject: string;
  /** Normalised; null when the provider tells none, or none that is an address. */
  readonly email: string | null;
  /** The provider has verified it and is to be believed. */
  readonly isEmailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly name: string | null;
  /** https only. */
  readonly pictureUrl: string | null;
}

const maxSubjectLength = 255;
const maxNameLength = 256;
const maxUrlLength = 2048;

/** @returns null when the provider named nobody */
export function readProfile(
  description: ProviderDescription,
  claims: Claims,
  emails: unknown,
  beside: URLSearchParams,
): Profile | null {
  const raw = { ...description.toProfile(claims, emails), ...description.namesBesideCode?.(beside) };
  const { subject } = raw;
  if (typeof subject !== 'string' || subject === '' || subject.length > maxSubjectLength || !isText(subject))
    return null;
  const email = typeof raw.email === 'string' ? normalizeEmail(raw.email.trim()) : null;
  // Apple sends the word instead of the value.
  const isSaidVerified = raw.isEmailVerified === true || raw.isEmailVerified === 'true';
  return {
    subject,
    email,
    isEmailVerified: email !== null && isSaidVerified && description.isAuthority(claims, email),
    firstName: nameOf(raw.firstName),
    lastName: nameOf(raw.lastName),
    name: nameOf(raw.name),
    pictureUrl: pictureOf(raw.pictureUrl),
  };
}

/** PostgreSQL has no NUL, and half a surrogate pair is no letter. */
const isText = (value: string): boolean => !/\p{Cc}/u.test(value) && value.isWellFormed();

function nameOf(value: unknown): string | null {
  if (typeof value !== 'string' || !value.isWellFormed()) return null;
  const name = value.replace(/\p{Cc}+/gu, ' ').trim();
  return name === '' || name.length > maxNameLength ? null : name;
}

function pictureOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > maxUrlLength || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === 'https:' && url.username === '' ? url.href : null;
}
