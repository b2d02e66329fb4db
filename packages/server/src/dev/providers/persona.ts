import { createHash } from 'node:crypto';
import { normalizeEmail } from '../../users/index.ts';

/** Who comes back from a simulated provider. */
export const personas = ['verified', 'unverified', 'other_email', 'no_email'] as const;
/** How it can go wrong there. */
export const failures = ['refuse', 'error'] as const;

export type Persona = (typeof personas)[number];
export type Choice = Persona | (typeof failures)[number];

/** Who is meant when nobody says. */
export const usualEmail = 'ada@example.com';

/** An account at a simulated provider. */
export interface Account {
  readonly persona: Persona;
  /** 48 bits in decimals, so that it passes as a number where the provider has numbers. */
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly firstName: string;
  readonly lastName: string;
}

/**
 * The account of a persona: the same one each time for the same address.
 *
 * `other_email` is the account of `verified` after its owner took on another address there; the rest are strangers to
 * each other.
 *
 * @param email - as the tester typed it
 * @returns null when it is no address
 */
export function accountOf(persona: Persona, email: string): Account | null {
  const address = normalizeEmail(email.trim());
  if (address === null) return null;
  const [local = '', domain = ''] = address.split('@');
  const owner = persona === 'other_email' ? 'verified' : persona;
  return {
    persona,
    subject: String(createHash('sha256').update(`${owner} ${address.toLowerCase()}`).digest().readUIntBE(0, 6)),
    email: persona === 'no_email' ? null : persona === 'other_email' ? `${local}.other@${domain}` : address,
    isEmailVerified: persona !== 'unverified',
    ...nameOf(local),
  };
}

/** `grace.hopper` is Grace Hopper; whoever has one word only is a Tester. */
function nameOf(local: string): Pick<Account, 'firstName' | 'lastName'> {
  const [first = 'Ada', ...more] = local
    .split(/[._+-]+/)
    .filter((part) => part !== '')
    .map(capitalised);
  return { firstName: first, lastName: more.join(' ') || 'Tester' };
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
