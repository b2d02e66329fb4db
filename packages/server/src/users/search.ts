import { type Db, rowsOf, type Statement, sql, type Tenant } from '../core/index.ts';
import { selectUsers, selectUsersAmong, type UserRow } from './store.ts';

const maxTermLength = 128;
/** Words of a search that count. */
const maxWords = 8;
/**
 * Up to so many matches are gathered from the index of terms and sorted. Where every word matches more users than
 * that, walking the users newest first fills a page sooner.
 */
const maxGathered = 10_000;
/** Sorts after every letter there is, on both engines, because terms are compared by their bytes. */
const highest = '\u{10ffff}';

/** Case and accents folded away, so that `grace` finds `Grâce`. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\0]/gu, '')
    .toLowerCase()
    .slice(0, maxTermLength);
}

/** What a user is found by: each of these by its beginning. */
export function termsOf(
  user: Pick<UserRow, 'id' | 'email' | 'firstName' | 'lastName' | 'name' | 'externalId'>,
): string[] {
  const email = fold(user.email);
  const [local = '', domain = ''] = email.split('@');
  const names = [user.firstName, user.lastName, user.name].map((name) => fold(name ?? ''));
  const externalId = fold(user.externalId ?? '');
  const words = [externalId, ...names].flatMap((text) => text.split(/\s+/));
  const whole = [fold(user.id), email, domain, externalId, ...words];
  const parts = [local, ...names].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  const all = [...new Set([...whole, ...parts])].filter((term) => term !== '');
  // What finds the beginning of another term finds the user already.
  return all.filter((term) => !all.some((other) => other !== term && other.startsWith(term)));
}

/** The folded words of a search, longest first: the longest is likely to match the fewest users. */
export function wordsOf(search: string): string[] {
  const words = new Set(search.split(/[\s,;]+/).map(fold));
  return [...words]
    .filter((word) => word !== '')
    .sort((a, b) => b.length - a.length)
    .slice(0, maxWords);
}

/** Makes the terms those of this user, in the transaction that changes the user. */
export async function saveTerms(tx: Db, tenant: Tenant, user: UserRow): Promise<void> {
  await removeTerms(tx, tenant, user.id);
  const rows = termsOf(user).map((term) => [tenant.environmentId, user.id, term]);
  const columns = ['environment_id', 'user_id', 'term'].map((name) => ({ name, type: 'text' as const }));
  await tx.run(sql`
    insert into user_search_terms (environment_id, user_id, term)
    select environment_id, user_id, term from ${rowsOf('terms', columns, rows)} where true`);
}

export async function removeTerms(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(
    sql`delete from user_search_terms where user_id = ${userId} and environment_id = ${tenant.environmentId}`,
  );
}

/** How a page of matches is read; see `pageOf`. */
type SelectMatches = (where: Statement, order: Statement, limit: number) => Promise<UserRow[]>;

/** Chooses the way to the users whom every word matches. */
export async function searchUsers(db: Db, tenant: Tenant, words: readonly string[]): Promise<SelectMatches> {
  const counts = await Promise.all(words.map(async (word) => ({ word, count: await countMatches(db, tenant, word) })));
  const rarest = counts.reduce((least, next) => (next.count < least.count ? next : least));
  const isRare = rarest.count <= maxGathered;
  const others = words.filter((word) => !isRare || word !== rarest.word).map(matches);
  const candidates = sql`select distinct user_id from user_search_terms where ${inRange(tenant, rarest.word)}`;
  return (where, order, limit) => {
    const all = sql.join([where, ...others], ' and ');
    return isRare
      ? selectUsersAmong(db, tenant, candidates, all, order, limit)
      : selectUsers(db, tenant, null, all, order, limit);
  };
}

/** Terms that begin with the word, counted no further than needed. */
async function countMatches(db: Db, tenant: Tenant, word: string): Promise<number> {
  const { count } = await db.one(sql<{ count: number }>`
    select count(*) as count from (
      select 1 as one from user_search_terms where ${inRange(tenant, word)} limit ${maxGathered + 1}) as found`);
  return count;
}

const inRange = (tenant: Tenant, word: string): Statement =>
  sql`environment_id = ${tenant.environmentId} and term >= ${word} and term < ${word + highest}`;

const matches = (word: string): Statement => sql`exists (
  select 1 from user_search_terms as other
  where other.user_id = users.id and other.term >= ${word} and other.term < ${word + highest})`;
