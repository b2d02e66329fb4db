import { languages } from '../core/languages.ts';
import type { Settings as AllSettings } from '../environments/queries.ts';

/** What stands on a page of its own: strict redirects, and who sends which mails. */
type Elsewhere =
  | 'strict_redirects'
  | 'send_verification_mails'
  | 'send_magic_auth_mails'
  | 'send_password_reset_mails'
  | 'send_invitation_mails';
export type Settings = Omit<AllSettings, Elsewhere>;

type Of<Value> = { [K in keyof Settings]: Settings[K] extends Value ? K : never }[keyof Settings];

interface Row<Field> {
  readonly field: Field;
  readonly label: string;
  readonly about: string;
}

export type SettingRowSpec =
  | (Row<Of<boolean>> & { readonly kind: 'switch' })
  | (Row<'sign_up_names' | 'sign_up' | 'mfa' | 'default_locale'> & {
      readonly kind: 'choice';
      readonly options: readonly { readonly value: string; readonly text: string }[];
    })
  | (Row<'password_min_length' | 'password_min_score' | 'password_history'> & {
      readonly kind: 'number';
      readonly min: number;
      readonly max: number;
    })
  | (Row<'terms_url' | 'privacy_url' | 'password_reset_url' | 'leaked_password_service_url'> & {
      readonly kind: 'url';
    });

interface SettingSection {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly SettingRowSpec[];
}

/** Everything an operator can set about signing in, in the order a person walks through it. */
export const settingSections: readonly SettingSection[] = [
  {
    id: 'methods',
    title: 'Sign-in methods',
    rows: [
      {
        kind: 'switch',
        field: 'password_sign_in',
        label: 'Password',
        about: 'One field for the address, then the password. A weak one is refused, with the reason.',
      },
      {
        kind: 'switch',
        field: 'magic_auth_sign_in',
        label: 'Code by mail',
        about: 'Six digits that work once, for ten minutes. Also lets people in who forgot their password.',
      },
      {
        kind: 'switch',
        field: 'passkey_sign_in',
        label: 'Passkey',
        about: 'Fingerprint, face or screen lock. Counts as two factors, and cannot be phished.',
      },
      {
        kind: 'switch',
        field: 'offer_passkeys',
        label: 'Offer passkeys',
        about: 'After another method, a page offers to make one; “Not now” asks again in two weeks.',
      },
    ],
  },
  {
    id: 'second-factor',
    title: 'Two-step verification',
    rows: [
      {
        kind: 'choice',
        field: 'mfa',
        label: 'Who is asked for it',
        about: 'A code of an authenticator app. Organizations can demand it of their members on top.',
        options: [
          { value: 'off', text: 'Never asked' },
          { value: 'optional', text: 'For those who set it up' },
          { value: 'required', text: 'For everybody' },
        ],
      },
    ],
  },
  {
    id: 'sign-up',
    title: 'Sign-up',
    rows: [
      {
        kind: 'choice',
        field: 'sign_up',
        label: 'Who may sign up',
        about: 'Invited people always may. From the waitlist you let people in one by one.',
        options: [
          { value: 'open', text: 'Anybody' },
          { value: 'invite_only', text: 'Only the invited' },
          { value: 'waitlist', text: 'From the waitlist' },
        ],
      },
      {
        kind: 'switch',
        field: 'require_email_verification',
        label: 'Require email verification',
        about: 'A six-digit code by mail must be entered before the first session begins.',
      },
      {
        kind: 'choice',
        field: 'sign_up_names',
        label: 'Names at sign-up',
        about: 'Whether the sign-up page asks for first and last name.',
        options: [
          { value: 'off', text: 'Not asked' },
          { value: 'optional', text: 'Asked, optional' },
          { value: 'required', text: 'Asked, required' },
        ],
      },
      {
        kind: 'switch',
        field: 'sign_up_proof_of_work',
        label: 'Slow down bots',
        about: 'The browser works for about a second before it may sign up. People notice nothing; there is no puzzle.',
      },
      {
        kind: 'url',
        field: 'terms_url',
        label: 'Terms of service',
        about: 'Linked below the sign-up form. Empty for none.',
      },
      { kind: 'url', field: 'privacy_url', label: 'Privacy policy', about: 'Linked beside them. Empty for none.' },
    ],
  },
  {
    id: 'passwords',
    title: 'Passwords',
    rows: [
      {
        kind: 'number',
        field: 'password_min_length',
        label: 'Minimum length',
        about: 'In characters, 8 to 64. Length helps more than any rule about symbols.',
        min: 8,
        max: 64,
      },
      {
        kind: 'number',
        field: 'password_min_score',
        label: 'Minimum strength',
        about: 'How hard to guess, 2 to 4. 3 withstands a hundred million guesses.',
        min: 2,
        max: 4,
      },
      {
        kind: 'switch',
        field: 'refuse_leaked_passwords',
        label: 'Refuse leaked passwords',
        about: 'Compared with the list that comes with the server; nothing leaves it.',
      },
      {
        kind: 'url',
        field: 'leaked_password_service_url',
        label: 'Service of leaked passwords',
        about:
          'Asked as well, with five digits of a hash and no password: https://api.pwnedpasswords.com/range or a mirror. Empty for none; when it is down, the list alone decides.',
      },
      {
        kind: 'number',
        field: 'password_history',
        label: 'Earlier passwords',
        about: 'How many of them may not come back, 0 to 10.',
        min: 0,
        max: 10,
      },
      {
        kind: 'url',
        field: 'password_reset_url',
        label: 'Password reset page of your app',
        about: 'Where links lead that your app asks for over the API, with a token added. Empty for the hosted page.',
      },
    ],
  },
  {
    id: 'features',
    title: 'Features',
    rows: [
      {
        kind: 'switch',
        field: 'new_device_notice',
        label: 'New-device notice',
        about: 'A mail tells people of a sign-in from a browser that was not seen before.',
      },
      {
        kind: 'switch',
        field: 'device_authorization',
        label: 'Device authorization',
        about: 'Command lines and televisions sign in with a code that people enter elsewhere.',
      },
      {
        kind: 'switch',
        field: 'impersonation',
        label: 'Impersonation',
        about: 'Operators may sign in as a user, with a reason, for an hour. Every use is in the trail.',
      },
      {
        kind: 'choice',
        field: 'default_locale',
        label: 'Language',
        about: 'Where neither the app nor the browser says one.',
        options: languages.map(([value, text]) => ({ value, text })),
      },
      {
        kind: 'switch',
        field: 'production_limits',
        label: 'Use production rate limits',
        about: 'Staging allows a hundred times as many requests. Switch on to see what production would refuse.',
      },
    ],
  },
];

export const settingFields = settingSections.flatMap(({ rows }) => rows.map(({ field }) => field));
