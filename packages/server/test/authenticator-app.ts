/** What a person has in their pocket: an authenticator app, told only what the QR code says. */
import { totpCode } from '@authkit/testing';

const stepMs = 30_000;

/** The code of a step (RFC 6238 section 4.2). */
export const codeOfStep = (base32: string, step: number): string => totpCode(base32, new Date(step * stepMs));

export interface Authenticator {
  /** What it shows now, or so many steps later. */
  code(later?: number): string;
  /** Six digits that it shows neither now nor next to now. */
  wrong(): string;
}

/** @param now - the server's time: a test moves it */
export function authenticator(base32: string, now: () => Date): Authenticator {
  const code = (later = 0): string => codeOfStep(base32, Math.floor(now().getTime() / stepMs) + later);
  return {
    code,
    wrong() {
      const right = [-2, -1, 0, 1, 2].map(code);
      return ['000000', '111111', '222222', '333333', '444444', '555555'].find((guess) => !right.includes(guess)) ?? '';
    },
  };
}
