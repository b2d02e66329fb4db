/** The second factor: app codes, recovery codes, losing a device. */
export const mfa = {};
