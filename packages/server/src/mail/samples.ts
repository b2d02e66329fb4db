import type { Letter } from './write-mail.ts';

const minutes = { code: '482915', expiresInMinutes: 10 };
const invitation = {
  url: 'https://acme.example/invitation',
  organizationName: 'Globex Corporation',
  inviterName: 'Ada Lovelace',
  expiresInDays: 7,
};
const newDevice = {
  at: '2026-03-01T12:00:00.000Z',
  browser: 'Firefox on Linux',
  ipAddress: '203.0.113.7',
  changePasswordUrl: 'https://acme.example/password',
};

/**
 * Every letter with data of nobody, by the name of its template; a letter that says different things has an entry for
 * each, named after both. The type asks for one of each template, so a new letter is in the preview from its first day.
 */
export const sampleLetters: Readonly<Record<Letter['template'], Letter>> & Readonly<Record<string, Letter>> = {
  verify_email: { template: 'verify_email', data: minutes },
  magic_auth: { template: 'magic_auth', data: minutes },
  email_change: { template: 'email_change', data: minutes },
  email_changed: { template: 'email_changed', data: { newEmail: 'grace@example.com' } },
  password_reset: {
    template: 'password_reset',
    data: { url: 'https://acme.example/reset-password', expiresInMinutes: 60 },
  },
  passkey_changed: { template: 'passkey_changed', data: { change: 'added' } },
  provider_changed: { template: 'provider_changed', data: { change: 'connected', provider: 'GitHub' } },
  'provider_changed disconnected': {
    template: 'provider_changed',
    data: { change: 'disconnected', provider: 'GitHub' },
  },
  password_changed: { template: 'password_changed', data: {} },
  no_account: { template: 'no_account', data: {} },
  account_exists: { template: 'account_exists', data: { signInUrl: 'https://acme.example/login' } },
  'account_exists without a link': { template: 'account_exists', data: { signInUrl: null } },
  sign_up_closed: { template: 'sign_up_closed', data: {} },
  invitation: { template: 'invitation', data: invitation },
  'invitation to the application': {
    template: 'invitation',
    data: { ...invitation, organizationName: null, inviterName: null },
  },
  waitlist_joined: { template: 'waitlist_joined', data: {} },
  second_factor_changed: { template: 'second_factor_changed', data: { change: 'enrolled' } },
  'second_factor_changed removed': { template: 'second_factor_changed', data: { change: 'removed' } },
  'second_factor_changed reset': { template: 'second_factor_changed', data: { change: 'reset' } },
  'second_factor_changed recovery code': {
    template: 'second_factor_changed',
    data: { change: 'recovery_code_redeemed', codesLeft: 9 },
  },
  new_device: { template: 'new_device', data: newDevice },
  'new_device unknown browser': { template: 'new_device', data: { ...newDevice, browser: null, ipAddress: null } },
};
