import { randomLetters, Secret, type Vault } from '../../core/index.ts';

/** No vowels, so that no words come out; no letter that looks like a digit (RFC 8628 section 6.1). */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const codeLength = 8;

/** What the person types: eight letters, 34 bits. That is enough for ten minutes and a limit on guesses. */
export const newUserCode = (): Secret => new Secret(randomLetters(alphabet, codeLength));

/** As people read it: `BCDF-GHJK`. */
export const grouped = (userCode: string): string => `${userCode.slice(0, 4)}-${userCode.slice(4)}`;

/** What was typed, in any case, with dashes or spaces anywhere. Null when it cannot be one of ours. */
export function readUserCode(typed: string): Secret | null {
  const letters = typed.toUpperCase().replace(/[\s\p{Pd}]/gu, '');
  const isOurs = letters.length === codeLength && [...letters].every((letter) => alphabet.includes(letter));
  return isOurs ? new Secret(letters) : null;
}

/** Keyed, because 34 bits are guessed from a plain hash within a minute. */
export const userCodeMac = (vault: Vault, userCode: Secret): string =>
  vault.mac('device-user-code', userCode.reveal()).toString('base64url');

/** A typed code as the device shows it. */
export const groupedUserCode = (typed: string): string => grouped(readUserCode(typed)?.reveal() ?? '');
