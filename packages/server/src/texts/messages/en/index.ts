import { account } from './account.ts';
import { codes } from './codes.ts';
import { common } from './common.ts';
import { device } from './device.ts';
import { errors } from './errors.ts';
import { impersonation } from './impersonation.ts';
import { mail } from './mail.ts';
import { mfa } from './mfa.ts';
import { organizations } from './organizations.ts';
import { passkeys } from './passkeys.ts';
import { password } from './password.ts';
import { signIn } from './sign-in.ts';
import { social } from './social.ts';
import { sso } from './sso.ts';

/** What everything is translated from. Each area has a file, so that those who work on one do not meet. */
export const en = {
  common,
  signIn,
  password,
  codes,
  mfa,
  passkeys,
  social,
  sso,
  organizations,
  account,
  device,
  impersonation,
  errors,
  mail,
};
