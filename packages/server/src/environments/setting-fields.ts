import { z } from 'zod';
import { camelKeys, snakeKeys } from '../core/index.ts';

/** For people to follow. Anything but http(s) could run script where it is clicked. */
const link = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .nullable();

/** Kept in columns of their own: other rules look at them in SQL. */
export const columnFields = {
  requireEmailVerification: z.boolean().describe('A code by mail is entered before the first session begins.'),
  signUpNames: z.enum(['off', 'optional', 'required']).describe('Whether the sign-up page asks for names.'),
  accessTokenSeconds: z.number().int(),
  sessionIdleSeconds: z.number().int().describe('A session that was not refreshed for so long has ended.'),
  sessionMaxSeconds: z.number().int().describe('Counted from the sign-in and never extended.'),
  strictRedirects: z.boolean().describe('No wildcard in any redirect. On from the start in production.'),
};

/** How people may sign in; kept as one JSON value. */
export const signInFields = {
  passwordSignIn: z.boolean().describe('People may sign in with a password.'),
  magicAuthSignIn: z.boolean().describe('People may sign in with a code by mail.'),
  passkeySignIn: z.boolean().describe('People may sign in with a passkey.'),
  offerPasskeys: z.boolean().describe('After another method, a page offers to make a passkey.'),
  mfa: z
    .enum(['off', 'optional', 'required'])
    .describe('A second factor: never asked, asked of those who have one, asked of everybody.'),
  signUp: z
    .enum(['open', 'invite_only', 'waitlist'])
    .describe('Who may make an account: anybody, the invited, or whoever is let in from the waitlist.'),
  signUpProofOfWork: z.boolean().describe('A browser works for a second before it may sign up; bots pay for each.'),
  passwordMinLength: z.number().int().min(8).max(64).describe('In characters.'),
  passwordMinScore: z.number().int().min(2).max(4).describe('Guessability, 0 to 4; 3 withstands 10^8 guesses.'),
  refuseLeakedPasswords: z.boolean().describe('Refuse what is on the built-in list of leaked passwords.'),
  leakedPasswordServiceUrl: link.describe(
    'A service that is asked as well: a range API as of Have I Been Pwned, which gets five digits of a hash. Null: none.',
  ),
  passwordHistory: z.number().int().min(0).max(10).describe('How many earlier passwords may not come back.'),
  impersonation: z.boolean().describe('Operators may sign in as a user, with a reason.'),
  deviceAuthorization: z.boolean().describe('Command lines and televisions may sign in (RFC 8628).'),
  newDeviceNotice: z.boolean().describe('A mail tells of a sign-in from a browser not seen before.'),
  productionLimits: z.boolean().describe('Request limits are those of production, in staging too.'),
  defaultLocale: z.string().max(35).describe('The language where neither the app nor the browser says one (BCP 47).'),
  sendVerificationMails: z.boolean().describe('Codes that prove an address are mailed by us; off: by the app.'),
  sendMagicAuthMails: z.boolean().describe('Codes to sign in with are mailed by us; off: by the app.'),
  sendPasswordResetMails: z.boolean().describe('Links that set a new password are mailed by us; off: by the app.'),
  sendInvitationMails: z.boolean().describe('Invitations are mailed by us; off: by the app.'),
  termsUrl: link.describe('Terms of service, linked below the sign-up form.'),
  privacyUrl: link.describe('Privacy policy, linked below the sign-up form.'),
  passwordResetUrl: link.describe(
    'A page of the app that sets a new password, for links asked for over the API; `token` is added. Null: the hosted page.',
  ),
};

const fields = { ...columnFields, ...signInFields };

/** How an environment signs its people in. Durations are in seconds. */
export type Settings = Readonly<z.output<z.ZodObject<typeof fields>>>;
export type SignUpNames = Settings['signUpNames'];
export type SignInSettings = Pick<Settings, keyof typeof signInFields>;

export const SettingsWire = z.object(snakeKeys(fields)).meta({ id: 'EnvironmentSettings' });

export const toSettings = (settings: Settings): z.input<typeof SettingsWire> => snakeKeys(settings);

const wireFields = SettingsWire.shape;

/** What a request changes. What it leaves out stays; null means that too, where null is not itself a value. */
export const SettingsChange = z.object(
  Object.fromEntries(Object.entries(wireFields).map(([name, field]) => [name, field.nullish()])) as {
    [K in keyof typeof wireFields]: z.ZodOptional<z.ZodNullable<(typeof wireFields)[K]>>;
  },
);

export const fromWire = (change: z.output<typeof SettingsChange>): Partial<Settings> =>
  Object.fromEntries(
    Object.entries(camelKeys(change)).filter(
      ([name, value]) =>
        value !== undefined && (value !== null || fields[name as keyof Settings].safeParse(null).success),
    ),
  );

/** The part that is kept as JSON. */
export const signInPart = (settings: Settings): SignInSettings =>
  Object.fromEntries(
    Object.keys(signInFields).map((name) => [name, settings[name as keyof Settings]]),
  ) as unknown as SignInSettings;
