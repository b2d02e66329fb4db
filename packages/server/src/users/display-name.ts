import type { UserRow } from './store.ts';

/** What others are told somebody is called: the name they gave, else their address. */
export function displayName({ name, firstName, lastName, email }: UserRow): string {
  const parts = [firstName, lastName].filter((part) => part !== null && part.trim() !== '').join(' ');
  return name?.trim() || parts || email;
}
