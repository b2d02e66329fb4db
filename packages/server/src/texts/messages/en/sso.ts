/** Signing in at an organization’s own identity provider. `provider` is the organization’s name. */
export const sso = {
  consentTitle: 'Confirm your sign-in',
  consentHeading: 'Sign in to {app}?',
  consentContext: '{provider} says that you are {email}.',
  consentAdvice:
    'Continue only if you opened {app} from your workplace’s portal just now. If somebody sent you here, you would be working in their account.',
  turnedAway: '{provider} did not let you in. Ask an administrator there, or choose another way.',
  outside: 'Your address is none of {provider}’s, and nobody there has invited you.',
};
