/** Signing in through another provider, and linking it to an account. */
export const social = {};
