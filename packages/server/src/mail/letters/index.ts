import { accountExists } from './account-exists.ts';
import { invitation } from './invitation.ts';
import { secondFactorChanged } from './second-factor-changed.ts';
import { verifyEmail } from './verify-email.ts';
import { waitlistJoined } from './waitlist-joined.ts';

/** Every kind of mail we send. */
export const letterKinds = [verifyEmail, accountExists, secondFactorChanged, invitation, waitlistJoined] as const;
