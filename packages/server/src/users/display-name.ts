import { fullNameOf } from './full-name.ts';
import type { UserRow } from './store.ts';

/** What others are told somebody is called: the name they gave, else their address. */
export const displayName = (user: Pick<UserRow, 'name' | 'firstName' | 'lastName' | 'email'>): string =>
  fullNameOf(user) || user.email;
