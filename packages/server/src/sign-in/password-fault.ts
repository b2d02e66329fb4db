import { type Say, say } from '../texts/index.ts';
import type { PasswordFinding } from '../users/index.ts';

/** What is wrong with a new password, for the person who chose it. */
export function passwordFault({ code }: PasswordFinding, minLength: number): Say {
  switch (code) {
    case 'password_too_short':
      return say('password.tooShort', { count: minLength });
    case 'password_too_long':
      return 'password.tooLong';
    case 'password_contains_personal_information':
      return 'password.personal';
    case 'password_leaked':
      return 'password.leaked';
    case 'password_too_weak':
      return 'password.tooWeak';
    case 'password_used_before':
      return 'password.usedBefore';
  }
}
