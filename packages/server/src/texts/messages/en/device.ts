/** Signing in on a command line or a television (RFC 8628). */
export const device = {};
