/**
 * The people who sign in: their profile, their password, and how an administrator finds them.
 *
 * Owns `users`, `passwords`, `password_history` and `user_search_terms`. Later rooms create users, verify and set passwords through what
 * is exported here, and follow `user.deleted`.
 */
export { createUser } from './create-user.ts';
export { normalizeEmail } from './email.ts';
export { InvalidEmail } from './errors.ts';
export { getUser, holdPassword, markEmailVerified } from './logic.ts';
export { checkNewPassword } from './new-password.ts';
export { hashPassword, type PasswordHash } from './password-hash.ts';
export { checkPassword, defaultMinLength } from './password-policy.ts';
export { passwordSince, setPassword } from './password-store.ts';
export { userReactions } from './reactions.ts';
export { userRoutes } from './routes.ts';
export { toWire, User } from './schema.ts';
export { findUser, findUserByEmail, lockUser, noteSignIn, readUser, type UserRow } from './store.ts';
export { changeUser } from './update-user.ts';
export { verifyPassword } from './verify-password.ts';
