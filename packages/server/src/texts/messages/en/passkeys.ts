/** Passkeys: signing in with one, making one, the list of them. */
export const passkeys = {};
