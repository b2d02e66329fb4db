import type { Settings } from '../environments/index.ts';
import { ratePassword } from './strength.ts';

/** One reason why a password is refused, in words its owner can act on. */
export interface PasswordFinding {
  readonly code:
    | 'password_too_short'
    | 'password_too_long'
    | 'password_contains_personal_information'
    | 'password_leaked'
    | 'password_too_weak'
    | 'password_used_before';
  readonly message: string;
}

export interface PasswordContext {
  readonly email: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly name?: string | null;
  /** Also not to be made of: the application's name. */
  readonly productName?: string | null;
  /** Whose request it is: a network, so that one cannot keep the others waiting. */
  readonly source?: string | null;
}

/** What an environment asks of a password. */
export type PasswordPolicy = Pick<Settings, 'passwordMinLength' | 'passwordMinScore' | 'refuseLeakedPasswords'>;

const maxLength = 256;
const maxBytes = 1024;
/** Letters and digits that must be left when personal words are taken out. */
const minOwnLetters = 8;
const ourName = 'AuthKit';

/** How hard a new password is to guess, and the one thing to change about it; null when it is acceptable. */
export interface Judgement {
  /** 0 to 4 (zxcvbn's scale); 0 also for what is refused without a look at its strength. */
  readonly score: number;
  readonly finding: PasswordFinding | null;
}

/**
 * Judges a new password by the rules of an environment. Length and guessability count, its mix of characters does not
 * (NIST SP 800-63B section 3.1.1).
 *
 * @throws {Unavailable} when too many passwords are waiting to be rated
 * @throws {TooManyRequests} when too many of this source are
 */
export async function judgePassword(
  plain: string,
  context: PasswordContext,
  policy: PasswordPolicy,
): Promise<Judgement> {
  const refused = (code: PasswordFinding['code'], message: string): Judgement => ({
    score: 0,
    finding: finding(code, message),
  });
  const tooLong = refused('password_too_long', `Use at most ${maxLength} characters.`);
  // Before normalising: that takes quadratic time over a run of combining marks, a minute for a body of a megabyte.
  if (Buffer.byteLength(plain) > maxBytes) return tooLong;
  const password = plain.normalize('NFC');
  const { passwordMinLength: minLength } = policy;
  const length = [...password].length;
  if (length < minLength) return refused('password_too_short', `Use at least ${minLength} characters.`);
  if (length > maxLength) return tooLong;
  const personal = personalWords(context);
  if (isMadeOf(password, personal)) {
    return refused(
      'password_contains_personal_information',
      'Leave out your name, your e-mail address and the name of this product: they are tried first. Use a few unrelated words.',
    );
  }
  const { score, isLeaked } = await ratePassword(password, personal, context.source ?? null);
  if (isLeaked && policy.refuseLeakedPasswords) return { score: 0, finding: leaked };
  if (score >= policy.passwordMinScore) return { score, finding: null };
  const weak = 'This password is too easy to guess. Make it longer, or use a few unrelated words.';
  return { score, finding: finding('password_too_weak', weak) };
}

export const finding = (code: PasswordFinding['code'], message: string): PasswordFinding => ({ code, message });

export const leaked: PasswordFinding = finding(
  'password_leaked',
  'This password is on lists of leaked passwords. Use a few unrelated words instead.',
);

/** Lower-case words of three letters or more, longest first. */
function personalWords({ email, firstName, lastName, name, productName }: PasswordContext): string[] {
  const texts = [email, ...email.split('@'), firstName, lastName, name, productName, ourName];
  const words = texts.flatMap((text) => [letters(text ?? ''), ...(text ?? '').split(/[^\p{L}\p{N}]+/u).map(letters)]);
  return [...new Set(words)].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
}

/** Whether too little is left once the person's and the product's words are taken out. */
function isMadeOf(password: string, words: readonly string[]): boolean {
  const whole = letters(password);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), whole);
  return rest !== whole && rest.length < minOwnLetters;
}

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
