/** What a person has in their pocket: an authenticator app, told only what the QR code says. Written from the RFC alone. */
import { createHmac } from 'node:crypto';

const stepMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param base32 - RFC 4648 section 6, without padding */
function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of a step (RFC 4226 section 5.3). */
export function codeOfStep(base32: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(base32)).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

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
