/** Passkeys: signing in with one, making one, the list of them. */
export const passkeys = {
  use: 'Use a passkey',
  needScript: 'Passkeys need JavaScript.',
  failed: 'That passkey does not work here. Try another one, or sign in another way.',
  offerTitle: 'Create a passkey',
  offerHeading: 'Sign in faster next time',
  offerContext:
    'With a passkey you sign in by fingerprint, face or screen lock. There is nothing to remember, and nobody can trick you into giving it away.',
  create: 'Create a passkey',
  notNow: 'Not now',
  never: 'Never ask again',
  notCreated: 'No passkey was made. Try again, or leave it for now.',
  known: 'This device has a passkey of yours already.',
};
