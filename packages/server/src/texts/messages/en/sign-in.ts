/** The way in and out: e-mail step, sign-up, confirming where to go, signed out, first run. */
export const signIn = {
  title: 'Sign in',
  /** Between the first way in and the others. */
  or: 'or',
  toContinue: 'to continue to <b>{app}</b>',
  signIn: 'Sign in',
  newHere: 'New to {app}? <link>Create an account</link>',
  signUpTitle: 'Sign up',
  signUpHeading: 'Create your account',
  signUp: 'Sign up',
  haveAccount: 'Already have an account? <link>Sign in</link>',
  agreeToBoth:
    'By signing up you agree to the <terms>terms of service</terms> and the <privacy>privacy policy</privacy>.',
  agreeToTerms: 'By signing up you agree to the <terms>terms of service</terms>.',
  readPrivacy: 'How we treat your data stands in the <privacy>privacy policy</privacy>.',
  confirmTitle: 'Confirm where to go',
  confirmHeading: 'Is this where you want to go?',
  confirmContext: '{host} asks to sign you in with your {app} account.',
  confirmContextEmail: '{host} asks to sign you in with your {app} account, {email}.',
  confirmAdvice: 'Continue only if you know this address. If you came here from a link you did not expect, go back.',
  continueTo: 'Continue to {host}',
  doNotContinue: 'Do not continue',
  signedOutTitle: 'Signed out',
  signedOutHeading: 'You are signed out of {app}',
  signedOutContext: 'You can close this page.',
  signInAgain: 'Sign in again',
  setupTitle: 'Set up AuthKit',
  setupContext: 'You are the first one here. The email you give becomes the owner of this installation.',
  setupNext: 'Next you choose a password, and confirm the address with a code.',
  lastUsed: 'Last used',
  /** Read out beside a way to sign in. */
  lastUsedHere: 'You signed in this way last time on this device.',
};
