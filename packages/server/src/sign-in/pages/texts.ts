/**
 * Sentences that a route chooses and a page prints. They say what happened and what to do, blame nobody and carry no
 * codes. Where an answer must not tell whether an account exists, there is one sentence for both cases.
 */
export const texts = {
  emailMissing: 'Enter your email address.',
  emailMalformed: 'Enter an address like name@example.com.',
  passwordMissing: 'Enter your password.',
  newPasswordMissing: 'Choose a password.',
  wrongCredentials: 'Email and password do not match. Try again.',
  firstNameMissing: 'Enter a first name.',
  lastNameMissing: 'Enter a last name.',
  tooManyTries: 'That was a lot of tries in a short time.',
  codeSentAgain: 'We sent a new code. Only the newest one works.',
  attemptRestarted: 'This page was open for a while, so we start again from here.',
} as const;

/** A duration for a sentence: `1 second`, `42 seconds`, `2 minutes`, rounded up so that nobody comes too early. */
export function inWords(seconds: number): string {
  const count = seconds < 60 ? Math.max(1, Math.ceil(seconds)) : Math.ceil(seconds / 60);
  const unit = seconds < 60 ? 'second' : 'minute';
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

const smallNumbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Small numbers as words, the others as figures. */
export function numberWord(count: number): string {
  return smallNumbers[count] ?? String(count);
}

/** `Four tries left.` */
export function triesLeft(count: number): string {
  const word = numberWord(count);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${count === 1 ? 'try' : 'tries'} left.`;
}
