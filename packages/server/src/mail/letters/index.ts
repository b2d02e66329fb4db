import { accountExists } from './account-exists.ts';
import { verifyEmail } from './verify-email.ts';

/** Every kind of mail we send. */
export const letterKinds = [verifyEmail, accountExists] as const;
