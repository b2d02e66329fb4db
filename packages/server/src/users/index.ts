/**
 * The people who sign in: their profile, their password, and how an administrator finds them.
 *
 * Owns `users`, `passwords`, `password_history` and `user_search_terms`. Later rooms create users, verify and set
 * passwords through what is exported here, and follow `user.deleted`.
 */
export { createUser } from './create-user.ts';
export { displayName } from './display-name.ts';
export { emailKey, normalizeEmail } from './email.ts';
export { ExternalIdAlreadyUsed, InvalidEmail, InvalidMetadata } from './errors.ts';
export { fullNameOf, partsOfName } from './full-name.ts';
export { isLocale } from './locale.ts';
export { claimUser, getUser, holdPassword, listUsers, markEmailVerified } from './logic.ts';
export { type Metadata, mergeMetadata, metadataInput } from './metadata.ts';
export { checkNewPassword, judgeNewPassword } from './new-password.ts';
export { hashPassword, type PasswordHash } from './password-hash.ts';
export type { PasswordFinding } from './password-policy.ts';
export { passwordSince, setPassword } from './password-store.ts';
export { userReactions } from './reactions.ts';
export { userRoutes } from './routes.ts';
export { externalId, maxNameLength, toWire, User, type UserWire } from './schema.ts';
export { findUser, findUserByEmail, isExternalId, lockUser, noteSignIn, readUser, type UserRow } from './store.ts';
export { changeUser } from './update-user.ts';
export { verifyPassword } from './verify-password.ts';
