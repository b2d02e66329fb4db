/** Every page of the account in the states it can be in, as data: what the test walks through, and the list to look at. */
import { type Look, ownLook } from '../../branding/index.ts';
import { qrCodeMarkup } from '../../mfa/index.ts';
import { type AppView, mfaEnrollPage, recoveryCodesPage } from '../../sign-in/index.ts';
import { type Locale, say } from '../../texts/index.ts';
import { newEmailCodePage, newEmailPage } from './email.ts';
import { addPasskeyPage, confirmPage, newPasswordPage, profilePage, renamePasskeyPage } from './forms.ts';
import { type OverviewView, overviewPage } from './overview.ts';

const email = 'grace@example.com';
const tooSoon = { message: 'common.tooManyTries', waitSeconds: 42 } as const;
const day = (date: string) => new Date(`${date}T09:30:00Z`);
const uri = 'otpauth://totp/Acme:grace%40example.com?issuer=Acme&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const device = {
  id: 'session_1',
  name: 'Chrome on Windows',
  ipAddress: '203.0.113.7',
  since: day('2026-02-28'),
  isThis: true,
  isSupport: false,
};

/** By name, as documents. */
export function accountExamples({
  nonce = 'example',
  locale = 'en' as Locale,
  look = ownLook as Look,
  app = { name: 'Acme', environmentName: 'Production', environmentKind: 'production' } as AppView,
  /** Where all of it leads in a preview: the account's own addresses are not for sample data. */
  action = null as string | null,
} = {}): Readonly<Record<string, string>> {
  const t = look.translator(locale);
  const to = (path: string): string => action ?? path;
  const base = { app, nonce, t, look, here: to('/account') };
  const formTo = (path: string) => ({ action: to(path), csrf: 'token', step: 'account' });
  const form = formTo('/account/change');
  const passkey = {
    name: 'iPhone',
    addedAt: day('2026-01-05'),
    usedAt: day('2026-02-27'),
    renameUrl: to('/account/passkeys/rename'),
    removeUrl: to('/account/passkeys/remove'),
  };
  const change = { ...base, form, backUrl: to('/account') };
  const emailCode = {
    ...change,
    backUrl: to('/account/email'),
    email: 'grace@navy.example',
    isResent: false,
    resend: { ...formTo('/account/email/code/resend'), waitSeconds: 24 },
  };
  const create = { ...formTo('/account/passkeys/add'), optionsUrl: to('/account/passkeys/options') };
  const enroll = {
    ...base,
    ...form,
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    uri,
    purpose: 'account.secondStepAbout' as const,
    backUrl: to('/account'),
  };
  const qrCode = (label: string) => qrCodeMarkup(uri, label);
  const password = { ...change, email, hasPassword: true, minLength: 10, adviceUrl: to('/account/password-strength') };
  const bare: OverviewView = {
    ...base,
    done: null,
    name: null,
    email,
    isEmailVerified: false,
    password: null,
    passkeys: [],
    secondStep: { since: null, isRequired: false, recoveryCodesLeft: 0 },
    connected: [],
    devices: [device],
    urls: {
      profile: to('/account/profile'),
      email: to('/account/email'),
      password: to('/account/password'),
      addPasskey: to('/account/passkeys/add'),
      setUpSecondStep: to('/account/second-step'),
      turnOffSecondStep: to('/account/second-step/remove'),
      recoveryCodes: to('/account/recovery-codes'),
    },
    signOut: formTo('/account/sign-out'),
    signOutDevice: formTo('/account/devices/sign-out'),
    signOutOthers: formTo('/account/devices/sign-out-others'),
  };
  const full: OverviewView = {
    ...bare,
    name: 'Grace Hopper',
    isEmailVerified: true,
    password: { since: day('2025-11-03') },
    passkeys: [passkey, { ...passkey, name: 'The key with the exceptionally long name on the desk', usedAt: null }],
    secondStep: { since: day('2026-01-06'), isRequired: false, recoveryCodesLeft: 8 },
    connected: [
      { label: 'Google', email, disconnectUrl: to('/account/connected/remove') },
      { label: 'GitHub', email: null, disconnectUrl: to('/account/connected/remove') },
    ],
    devices: [
      device,
      { ...device, id: 'session_2', name: null, ipAddress: null, isThis: false },
      { ...device, id: 'session_3', name: 'Safari on iPhone', ipAddress: '2001:db8::7', isThis: false },
      { ...device, id: 'session_4', isThis: false, isSupport: true },
    ],
  };
  return {
    account: overviewPage(full),
    'account, nothing set': overviewPage(bare),
    'account, something done': overviewPage({
      ...full,
      done: 'account.passwordChanged',
      secondStep: { since: day('2026-01-06'), isRequired: true, recoveryCodesLeft: 0 },
    }),
    profile: profilePage({ ...change, name: 'Grace', firstName: 'Grace', lastName: '' }),
    'profile field error': profilePage({
      ...change,
      firstName: 'Grace'.repeat(60),
      lastName: 'Hopper',
      name: 'Hopper',
      errors: {
        name: say('account.nameTooLong', { count: 200 }),
        firstName: say('account.nameTooLong', { count: 200 }),
      },
    }),
    email: newEmailPage({ ...change, email: '' }),
    'email field error': newEmailPage({ ...change, email: 'grace@', error: 'common.emailMalformed' }),
    'email rate limited': newEmailPage({ ...change, email, problem: tooSoon }),
    'email code': newEmailCodePage(emailCode),
    'email code resent': newEmailCodePage({ ...emailCode, isResent: true }),
    'email code wrong': newEmailCodePage({
      ...emailCode,
      error: 'account.emailCodeOver',
      resend: { ...emailCode.resend, waitSeconds: 0 },
    }),
    'email code rate limited': newEmailCodePage({
      ...emailCode,
      problem: { message: 'codes.onItsWay', waitSeconds: 24 },
    }),
    password: newPasswordPage(password),
    'password weak': newPasswordPage({ ...password, hasPassword: false, error: 'password.tooWeak' }),
    'add passkey': addPasskeyPage({ ...base, create, backUrl: to('/account') }),
    'add passkey failed': addPasskeyPage({
      ...base,
      create,
      backUrl: to('/account'),
      problem: { message: 'passkeys.notCreated' },
    }),
    'rename passkey': renamePasskeyPage({ ...change, name: 'iPhone' }),
    'rename passkey error': renamePasskeyPage({
      ...change,
      name: '',
      error: say('account.passkeyNameOdd', { count: 64 }),
    }),
    'remove passkey': confirmPage({
      ...change,
      title: 'account.removeTitle',
      heading: say('account.removeHeading', { name: 'iPhone' }),
      about: 'account.removeAbout',
      submit: 'account.removeButton',
    }),
    'remove the only way in': confirmPage({
      ...change,
      title: 'account.disconnectTitle',
      heading: say('account.disconnectHeading', { name: 'Google' }),
      about: say('account.disconnectAbout', { name: 'Google' }),
      submit: null,
      problem: { message: 'account.lastWay' },
    }),
    'second step': mfaEnrollPage({ ...enroll, qrCode }),
    'second step wrong': mfaEnrollPage({ ...enroll, qrCode, errors: { code: 'mfa.wrong' } }),
    'turn off second step': confirmPage({
      ...change,
      title: 'account.secondStepTurnOffTitle',
      heading: 'account.secondStepTurnOffHeading',
      about: 'account.secondStepTurnOffAbout',
      submit: 'account.secondStepTurnOff',
    }),
    'new recovery codes': confirmPage({
      ...change,
      title: 'account.recoveryCodesNew',
      heading: 'account.recoveryCodesNewHeading',
      about: 'account.recoveryCodesNewAbout',
      submit: 'account.recoveryCodesNew',
      isReplaced: true,
    }),
    'recovery codes': recoveryCodesPage({
      ...base,
      ...form,
      codes: ['k3m9q-x7v2d', '8hj2c-w0t5n'],
      isReplacement: false,
      isOnce: true,
    }),
  };
}
