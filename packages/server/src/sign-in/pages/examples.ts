/**
 * Every page in every state it can be in, as data: what the tests walk through, and the list to look at when the
 * stylesheet changes.
 */

import { type Look, ownLook } from '../../branding/index.ts';
import { qrCodeMarkup } from '../../mfa/index.ts';
import { descriptionOf, usualOrder } from '../../social/index.ts';
import { type Locale, say } from '../../texts/index.ts';
import {
  type AppView,
  acceptInvitationPage,
  askForCodePage,
  changeMethodPage,
  chooseOrganizationPage,
  confirmRedirectPage,
  deviceCodePage,
  deviceConfirmPage,
  deviceDonePage,
  errorPage,
  forgotPasswordPage,
  impersonatePage,
  invitationRefusedPage,
  invitePage,
  joinPage,
  linkSentPage,
  mfaEnrollPage,
  mfaLostPage,
  mfaPage,
  mfaRecoveryPage,
  newcomerPage,
  notAMemberPage,
  offerPasskeyPage,
  olderLinkPage,
  ourselves,
  passwordChangedPage,
  passwordPage,
  recoveryCodesPage,
  resetPasswordPage,
  secondPasskeyPage,
  setupOwnerPage,
  signedOutPage,
  signInPage,
  signOnConsentPage,
  signUpClosedPage,
  signUpPage,
  tellEmailPage,
  verifyEmailPage,
  waitlistJoinedPage,
  waitlistPage,
} from './index.ts';

const staging: AppView = { name: 'Acme', environmentName: 'Staging', environmentKind: 'staging' };
const wordy: AppView = {
  name: 'The International Company of Exceptionally Long Names',
  environmentName: 'Preview',
  environmentKind: 'staging',
};
const requestId = 'req_01JD0V5W3N8QK2Z7T4B9XM6YCE';
const email = 'grace@example.com';
const tooSoon = { message: 'common.tooManyTries', waitSeconds: 42 } as const;

const totp = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Acme:grace%40example.com?issuer=Acme&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
};
const recoveryCodes = [
  ...['k3m9q-x7v2d', '8hj2c-w0t5n', 'p4r6s-1yzfb', 'd9gke-m3x8v', 't2n7c-q5w1h'],
  ...['z6b0y-4rjps', 'f8m1d-k9e3g', 'w5x2t-7cnqh', '0v4zp-s6ybr', 'j1k8f-d3mge'],
];

/** By name, as documents. */
export function examples({
  nonce = 'example',
  locale = 'en' as Locale,
  look = ownLook as Look,
  production = { name: 'Acme', environmentName: 'Production', environmentKind: 'production' } as AppView,
  action = '/sign-in?attempt=attempt_01JD0V5W3N',
} = {}): Readonly<Record<string, string>> {
  const t = look.translator(locale);
  const formOf = (step: string) => ({ action, csrf: 'token', step });
  const base = { app: production, nonce, t, look, here: action };
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
  const passkey = { ...formOf('passkey'), optionsUrl: '/sign-in/passkey/options' };
  const offer = { ...base, create: { ...passkey, optionsUrl: '/passkey/options' }, answer: formOf('answer') };
  const mfa = {
    ...base,
    ...formOf('mfa'),
    appUrl: '/mfa',
    recoveryUrl: '/mfa/recovery',
    lostUrl: '/mfa/lost',
  };
  const enroll = {
    ...base,
    ...formOf('enroll_mfa'),
    ...totp,
    qrCode: (label: string) => qrCodeMarkup(totp.uri, label),
  };
  const recovery = { ...base, ...formOf('recovery_codes'), codes: recoveryCodes, isReplacement: false };
  const socialOf = (count: number) => ({
    ...formOf('social'),
    providers: usualOrder.slice(0, count).map((provider) => ({ provider, label: descriptionOf(provider).label })),
  });
  const setup = { ...base, ...formOf('owner'), app: ourselves };
  const device = {
    email,
    userCode: 'BCDF-GHJK',
    userAgent: 'acme-cli/4.2 (linux; x64)',
    ipAddress: '203.0.113.7',
    askedAt: new Date('2026-03-01T12:00:00Z'),
  };
  const organizations = [
    { id: 'org_1', name: 'Globex Corporation' },
    { id: 'org_2', name: 'Initech' },
    { id: 'org_3', name: 'The International Association of Exceptionally Long Names' },
  ];
  const invite = {
    ...base,
    form: { ...formOf('invitation'), token: 'token' },
    email,
    organizationName: 'Globex Corporation',
    inviterName: 'Ada Lovelace',
  };
  const refused = { ...base, ...formOf('join'), email, where: 'Globex Corporation' };
  const weak = 'password.tooWeak';
  const reset = { ...base, ...formOf('reset_password'), email, token: 'token', passwordMinLength: 10 };

  return {
    'sign-in': signInPage(signIn),
    'sign-in staging': signInPage({ ...signIn, app: staging }),
    'sign-in without sign-up': signInPage({ ...signIn, signUpUrl: null }),
    'sign-in without address': signInPage({ ...signIn, takesAddress: false, passkey, social: socialOf(2) }),
    'sign-in field error': signInPage({ ...signIn, email: 'grace@', errors: { email: 'common.emailMalformed' } }),
    'sign-in page error': signInPage({
      ...signIn,
      problem: { message: 'common.failed' },
    }),
    'sign-in rate limited': signInPage({ ...signIn, email, problem: tooSoon }),
    'sign-in restarted': signInPage({ ...signIn, notice: 'common.attemptRestarted' }),
    'sign-in long words': signInPage({ ...signIn, app: wordy, email: `${'very.'.repeat(14)}long@department.example` }),
    'sign-in one provider': signInPage({ ...signIn, social: socialOf(1) }),
    'sign-in providers': signInPage({ ...signIn, passkey, social: socialOf(4), lastMethod: 'GoogleOAuth' }),
    'sign-in many providers': signInPage({ ...signIn, social: socialOf(16), lastMethod: 'VercelMarketplaceOAuth' }),
    'sign-in provider refused': signInPage({
      ...signIn,
      social: socialOf(4),
      problem: { message: say('social.refused', { provider: 'Google' }) },
    }),
    'sign-in tell email': tellEmailPage({ ...base, ...formOf('tell_email'), provider: 'X', otherWayUrl: '/sign-in' }),
    'sign-up finish': newcomerPage({
      ...base,
      ...formOf('make_account'),
      names: 'required',
      email,
      otherWayUrl: '/sign-in',
      errors: { firstName: 'common.firstNameMissing' },
    }),
    'sign-in passkey': signInPage({ ...signIn, passkey }),
    'sign-in passkey last used': signInPage({ ...signIn, passkey, lastMethod: 'Passkey' }),
    'sign-in email last used': signInPage({ ...signIn, lastMethod: 'Password' }),
    'sign-in passkey refused': signInPage({ ...signIn, passkey, problem: { message: 'passkeys.failed' } }),
    'password passkey': passwordPage({ ...password, passkey }),
    'offer-passkey': offerPasskeyPage(offer),
    'offer-passkey failed': offerPasskeyPage({ ...offer, problem: { message: 'passkeys.notCreated' } }),
    password: passwordPage(password),
    'password and other ways': passwordPage({
      ...password,
      forgotUrl: '/forgot-password',
      magicCode: formOf('send_code'),
      passkey,
    }),
    'sign-in-code': askForCodePage({
      ...base,
      ...formOf('send_code'),
      email,
      changeUrl: '/sign-in',
      passwordUrl: null,
    }),
    'sign-in-code sent': verifyEmailPage({ ...verify, passwordUrl: '/sign-in/password', state: { kind: 'waiting' } }),
    'forgot-password': forgotPasswordPage({ ...base, ...formOf('forgot_password'), signInUrl: '/sign-in' }),
    'forgot-password field error': forgotPasswordPage({
      ...base,
      ...formOf('forgot_password'),
      email: 'grace@',
      errors: { email: 'common.emailMalformed' },
      signInUrl: null,
    }),
    'forgot-password rate limited': forgotPasswordPage({
      ...base,
      ...formOf('forgot_password'),
      email,
      problem: tooSoon,
      signInUrl: null,
    }),
    'forgot-password sent': linkSentPage({ ...base, email, againUrl: '/forgot-password', signInUrl: '/sign-in' }),
    'reset-password': resetPasswordPage(reset),
    'reset-password weak': resetPasswordPage({ ...reset, errors: { password: weak } }),
    'reset-password older': olderLinkPage({ ...base, ...formOf('forgot_password'), email }),
    'reset-password done': passwordChangedPage({ ...base, signInUrl: 'https://acme.example/login' }),
    'reset-password done, no way on': passwordChangedPage({ ...base, signInUrl: null }),
    'sign-up without password': signUpPage({ ...signUp, names: 'optional', passwordMinLength: null }),
    'password long address': passwordPage({ ...password, email: `${'very.'.repeat(8)}long@department.example` }),
    'password wrong': passwordPage({ ...password, errors: { password: 'password.wrong' } }),
    'password rate limited': passwordPage({ ...password, problem: tooSoon }),
    'sign-up': signUpPage(signUp),
    'sign-up with work': signUpPage({
      ...signUp,
      adviceUrl: '/password-strength',
      challenge: `${'a'.repeat(8)}-${'b'.repeat(8)}.${'c'.repeat(22)}`,
    }),
    'sign-up optional names': signUpPage({ ...signUp, names: 'optional', email }),
    'sign-up required names': signUpPage({ ...signUp, names: 'required' }),
    'sign-up weak password': signUpPage({ ...signUp, email, errors: { password: weak } }),
    'sign-up several errors': signUpPage({
      ...signUp,
      names: 'required',
      email: 'grace@',
      errors: {
        email: 'common.emailMalformed',
        name: 'common.nameMissing',
        firstName: 'common.firstNameMissing',
        password: weak,
      },
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
    mfa: mfaPage(mfa),
    'mfa wrong': mfaPage({ ...mfa, errors: { code: 'mfa.wrong' } }),
    'mfa used': mfaPage({ ...mfa, errors: { code: 'mfa.used' } }),
    'mfa rate limited': mfaPage({ ...mfa, problem: tooSoon }),
    'mfa-recovery': mfaRecoveryPage(mfa),
    'mfa-recovery wrong': mfaRecoveryPage({ ...mfa, errors: { recovery_code: 'mfa.recoveryWrong' } }),
    'mfa-lost': mfaLostPage(mfa),
    'mfa-passkey': secondPasskeyPage({ ...base, ...formOf('mfa_passkey'), optionsUrl: '/mfa/passkey/options' }),
    'mfa-enroll': mfaEnrollPage(enroll),
    'mfa-enroll wrong': mfaEnrollPage({ ...enroll, errors: { code: 'mfa.wrong' } }),
    'recovery-codes': recoveryCodesPage(recovery),
    'recovery-codes replaced': recoveryCodesPage({ ...recovery, isReplacement: true }),
    'sign-on-consent': signOnConsentPage({
      ...base,
      form: { ...formOf('sso_consent'), ticket: 'ticket' },
      app: staging,
      provider: 'Globex',
      email,
    }),
    'confirm-redirect': confirmRedirectPage({
      ...base,
      ...formOf('confirm'),
      app: staging,
      host: 'storefront-git-new-checkout-acme-team.vercel.app',
      email,
      cancelUrl: '/sign-in',
    }),
    device: deviceCodePage({ ...base, ...formOf('device'), code: '' }),
    'device filled in': deviceCodePage({ ...base, ...formOf('device'), code: 'BCDF-GHJK' }),
    'device unknown code': deviceCodePage({
      ...base,
      ...formOf('device'),
      code: 'BCDF-GHJK',
      error: 'device.codeUnknown',
    }),
    'device rate limited': deviceCodePage({ ...base, ...formOf('device'), code: '', problem: tooSoon }),
    'device confirm': deviceConfirmPage({ ...base, ...formOf('device_confirm'), ...device }),
    'device confirm unknown': deviceConfirmPage({
      ...base,
      ...formOf('device_confirm'),
      ...device,
      userAgent: null,
      ipAddress: null,
    }),
    'device approved': deviceDonePage({ ...base, answer: 'approved' }),
    'device denied': deviceDonePage({ ...base, answer: 'denied' }),
    impersonate: impersonatePage({
      ...base,
      ...formOf('impersonate'),
      email,
      operator: 'support@acme.example',
      reason: 'Ticket 4711: the invoice of March does not open',
      minutes: 60,
    }),
    'choose-organization': chooseOrganizationPage({ ...base, ...formOf('organization'), email, organizations }),
    'not-a-member': notAMemberPage({
      ...base,
      ...formOf('organization'),
      organizationName: 'Globex Corporation',
      email,
      canGoBack: true,
    }),
    'change-method': changeMethodPage({
      ...base,
      ...formOf('organization'),
      organizationName: 'Globex Corporation',
      methods: [t('organizations.methodPasskey'), 'Google', 'Microsoft'],
      canChooseAnother: true,
    }),
    'change-method for the account': changeMethodPage({
      ...base,
      ...formOf('organization'),
      organizationName: 'Globex Corporation',
      methods: [t('organizations.methodPasskey')],
      isForAccount: true,
      canChooseAnother: false,
    }),
    invite: invitePage(invite),
    'invite to the application': invitePage({ ...invite, organizationName: null, inviterName: null }),
    'invitation to accept': acceptInvitationPage({ ...refused }),
    'organization to join': joinPage({ ...refused }),
    'invitation for another': invitationRefusedPage({ ...refused, invited: 'ada@example.com' }),
    'invitation over': invitationRefusedPage({ ...refused, invited: null }),
    'sign-up invited': signUpPage({ ...signUp, email, invitedTo: 'Globex Corporation' }),
    'sign-up closed': signUpClosedPage({ ...base, signInUrl: '/sign-in' }),
    waitlist: waitlistPage({ ...base, ...formOf('waitlist'), signInUrl: '/sign-in' }),
    'waitlist field error': waitlistPage({
      ...base,
      ...formOf('waitlist'),
      signInUrl: '/sign-in',
      errors: { email: 'common.emailMissing' },
    }),
    'waitlist joined': waitlistJoinedPage({ ...base, email, signInUrl: '/sign-in' }),
    'sign-in waitlist': signInPage({ ...signIn, isWaitlist: true }),
    'signed-out': signedOutPage({ ...base, signInUrl: 'https://acme.example/login' }),
    'signed-out no way back': signedOutPage({ ...base, signInUrl: null }),
    'error expired': errorPage({
      ...base,
      heading: 'errors.attemptOver',
      message: 'errors.attemptOverWhy',
      advice: 'errors.attemptOverAdvice',
      requestId,
      restart: { label: 'common.startAgain', url: 'https://acme.example/login' },
    }),
    'error redirect mismatch': errorPage({
      ...base,
      app: staging,
      heading: 'errors.redirect',
      message: 'errors.redirectUnknown',
      advice: 'errors.goBackAndRetry',
      requestId,
      developer: {
        title: 'This redirect URI is not registered',
        rows: [
          { label: 'Presented', value: 'http://localhost:3000/api/auth/callback' },
          { label: 'Closest', value: 'http://localhost:3000/callback' },
          { label: 'Difference', value: 'path: /api/auth/callback, registered: /callback' },
        ],
        fix: { label: 'Add this URL in the dashboard', href: '/dashboard/redirects?check=x#checker' },
      },
    }),
    'error without an app': errorPage({
      ...base,
      app: ourselves,
      heading: 'errors.nothingHere',
      message: 'errors.nothingHereWhy',
      requestId,
      restart: { label: 'errors.openDashboard', url: '/dashboard' },
    }),
    'set-up': setupOwnerPage(setup),
    'set-up field error': setupOwnerPage({ ...setup, errors: { email: 'common.emailMissing' } }),
  };
}
