/**
 * Every page in every state it can be in, as data: what the tests walk through, and the list to look at when the
 * stylesheet changes.
 */
import {
  type AppView,
  confirmRedirectPage,
  errorPage,
  ourselves,
  passwordPage,
  setupOwnerPage,
  signedOutPage,
  signInPage,
  signUpPage,
  texts,
  verifyEmailPage,
} from './index.ts';

const production: AppView = { name: 'Acme', environmentName: 'Production', environmentKind: 'production' };
const staging: AppView = { name: 'Acme', environmentName: 'Staging', environmentKind: 'staging' };
const wordy: AppView = {
  name: 'The International Company of Exceptionally Long Names',
  environmentName: 'Preview',
  environmentKind: 'staging',
};
const requestId = 'req_01JD0V5W3N8QK2Z7T4B9XM6YCE';
const email = 'grace@example.com';
const tooSoon = { message: texts.tooManyTries, waitSeconds: 42 };

/** By name, as documents. */
export function examples({ nonce = 'example', dir = 'ltr' as 'ltr' | 'rtl' } = {}): Readonly<Record<string, string>> {
  const formOf = (step: string) => ({ action: '/sign-in?attempt=attempt_01JD0V5W3N', csrf: 'token', step });
  const base = { app: production, nonce, dir };
  const signIn = { ...base, ...formOf('email'), signUpUrl: '/sign-up' };
  const password = { ...base, ...formOf('password'), email, changeUrl: '/sign-in', signUpUrl: '/sign-up' };
  const signUp = {
    ...base,
    ...formOf('sign_up'),
    names: 'off' as const,
    passwordMinLength: 10,
    signInUrl: '/sign-in',
  };
  const resendNow = { ...formOf('resend'), waitSeconds: 0 };
  const resendLater = { ...formOf('resend'), waitSeconds: 24 };
  const verify = { ...base, ...formOf('code'), email, changeUrl: '/sign-up', resend: resendLater };
  const setup = { ...base, ...formOf('owner'), app: ourselves };
  const weak = 'This password is easy to guess. Add another word or two.';

  return {
    'sign-in': signInPage(signIn),
    'sign-in staging': signInPage({ ...signIn, app: staging }),
    'sign-in without sign-up': signInPage({ ...signIn, signUpUrl: null }),
    'sign-in field error': signInPage({ ...signIn, email: 'grace@', errors: { email: texts.emailMalformed } }),
    'sign-in page error': signInPage({
      ...signIn,
      problem: { message: 'Something went wrong on our side. Try again.' },
    }),
    'sign-in rate limited': signInPage({ ...signIn, email, problem: tooSoon }),
    'sign-in restarted': signInPage({ ...signIn, notice: texts.attemptRestarted }),
    'sign-in long words': signInPage({ ...signIn, app: wordy, email: `${'very.'.repeat(14)}long@department.example` }),
    password: passwordPage(password),
    'password long address': passwordPage({ ...password, email: `${'very.'.repeat(8)}long@department.example` }),
    'password wrong': passwordPage({ ...password, errors: { password: texts.wrongCredentials } }),
    'password rate limited': passwordPage({ ...password, problem: tooSoon }),
    'sign-up': signUpPage(signUp),
    'sign-up optional names': signUpPage({ ...signUp, names: 'optional', email }),
    'sign-up required names': signUpPage({ ...signUp, names: 'required' }),
    'sign-up weak password': signUpPage({ ...signUp, email, errors: { password: weak } }),
    'sign-up several errors': signUpPage({
      ...signUp,
      names: 'required',
      email: 'grace@',
      errors: { email: texts.emailMalformed, firstName: texts.firstNameMissing, password: weak },
    }),
    'sign-up rate limited': signUpPage({ ...signUp, email, problem: tooSoon }),
    'verify-email': verifyEmailPage({ ...verify, state: { kind: 'waiting' } }),
    'verify-email may resend': verifyEmailPage({ ...verify, resend: resendNow, state: { kind: 'waiting' } }),
    'verify-email resent': verifyEmailPage({ ...verify, state: { kind: 'resent' } }),
    'verify-email incomplete': verifyEmailPage({ ...verify, state: { kind: 'incomplete' } }),
    'verify-email wrong': verifyEmailPage({ ...verify, state: { kind: 'wrong', triesLeft: 4 } }),
    'verify-email expired': verifyEmailPage({ ...verify, resend: resendNow, state: { kind: 'expired' } }),
    'verify-email too many tries': verifyEmailPage({ ...verify, state: { kind: 'too_many_tries' } }),
    'verify-email rate limited': verifyEmailPage({ ...verify, state: { kind: 'waiting' }, problem: tooSoon }),
    'confirm-redirect': confirmRedirectPage({
      ...base,
      ...formOf('confirm'),
      app: staging,
      host: 'storefront-git-new-checkout-acme-team.vercel.app',
      email,
      cancelUrl: '/sign-in',
    }),
    'signed-out': signedOutPage({ ...base, signInUrl: 'https://acme.example/login' }),
    'signed-out no way back': signedOutPage({ ...base, signInUrl: null }),
    'error expired': errorPage({
      ...base,
      heading: 'This sign-in took too long',
      message: 'For your safety it ends after ten minutes.',
      advice: 'Nothing is lost. Start again, it takes a moment.',
      requestId,
      restart: { label: 'Start again', url: 'https://acme.example/login' },
    }),
    'error redirect mismatch': errorPage({
      ...base,
      app: staging,
      heading: 'This link does not fit',
      message: 'The app wanted to send you to an address that it has not registered, so we stopped here.',
      advice: 'Go back to the app and try again. If this happens again, let its makers know.',
      requestId,
      developer: {
        title: 'This redirect URI is not registered',
        rows: [
          { label: 'Presented', value: 'http://localhost:3000/api/auth/callback' },
          { label: 'Closest', value: 'http://localhost:3000/callback' },
          { label: 'Difference', value: 'path: /api/auth/callback, registered: /callback' },
        ],
        fix: { label: 'Open Redirects in the dashboard', href: '/dashboard/redirects' },
      },
    }),
    'error without an app': errorPage({
      ...base,
      app: ourselves,
      heading: 'There is nothing here',
      message: 'The address is wrong, or the page has moved.',
      requestId,
      restart: { label: 'Open the dashboard', url: '/dashboard' },
    }),
    'set-up': setupOwnerPage(setup),
    'set-up field error': setupOwnerPage({ ...setup, errors: { email: texts.emailMissing } }),
  };
}
