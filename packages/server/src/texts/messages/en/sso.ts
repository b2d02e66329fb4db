/** Signing in at an organization’s own identity provider. `provider` is the organization’s name. */
export const sso = {
  turnedAway: '{provider} did not let you in. Ask an administrator there, or choose another way.',
  outside: 'Your address is none of {provider}’s, and nobody there has invited you.',
};
