/** Everything `npm run bench` measures, in the order it is printed. */
import type { Part } from './part.ts';
import { passwords } from './passwords.ts';
import { readUser } from './read-user.ts';
import { refresh } from './refresh.ts';
import { signInPage } from './sign-in-page.ts';
import { start } from './start.ts';
import { testing } from './testing.ts';
import { users } from './users.ts';

export type { Part } from './part.ts';

export const parts: readonly Part[] = [refresh, readUser, start, signInPage, users, passwords, testing];
