import type { RawProfile } from '../description.ts';

interface Listed {
  readonly email: unknown;
  readonly isPrimary: unknown;
  readonly isVerified: unknown;
}

/** The primary address of a list. A verified one that is not primary could be an old one: it is nobody's choice. */
function primaryOf(list: readonly Listed[]): Pick<RawProfile, 'email' | 'isEmailVerified'> {
  const found = list.find(({ isPrimary }) => isPrimary === true);
  return found ? { email: found.email, isEmailVerified: found.isVerified } : {};
}

const entriesOf = (list: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(list) ? list.filter((entry) => typeof entry === 'object' && entry !== null) : [];

/** GitHub's `/user/emails`: the profile shows only an address that the person made public. */
export const githubEmail = (emails: unknown): Pick<RawProfile, 'email' | 'isEmailVerified'> =>
  primaryOf(entriesOf(emails).map((e) => ({ email: e.email, isPrimary: e.primary, isVerified: e.verified })));

/** Bitbucket's `/2.0/user/emails`: the profile has no address at all. */
export const bitbucketEmail = (emails: unknown): Pick<RawProfile, 'email' | 'isEmailVerified'> =>
  primaryOf(
    entriesOf((emails as { values?: unknown } | null)?.values).map((e) => ({
      email: e.email,
      isPrimary: e.is_primary,
      isVerified: e.is_confirmed,
    })),
  );
