import { accountExists } from './account-exists.ts';
import { emailChange, emailChanged } from './email-change.ts';
import { invitation } from './invitation.ts';
import { magicAuth } from './magic-auth.ts';
import { newDevice } from './new-device.ts';
import { passkeyChanged } from './passkey-changed.ts';
import { noAccount, passwordChanged, passwordReset } from './password-reset.ts';
import { providerChanged } from './provider-changed.ts';
import { secondFactorChanged } from './second-factor-changed.ts';
import { signUpClosed } from './sign-up-closed.ts';
import { verifyEmail } from './verify-email.ts';
import { waitlistJoined } from './waitlist-joined.ts';

/** Every kind of mail we send. */
export const letterKinds = [
  verifyEmail,
  signUpClosed,
  accountExists,
  magicAuth,
  passwordReset,
  noAccount,
  passwordChanged,
  emailChange,
  emailChanged,
  passkeyChanged,
  providerChanged,
  secondFactorChanged,
  invitation,
  waitlistJoined,
  newDevice,
] as const;
