import { createHash } from 'node:crypto';
import { normalizeEmail } from '../../users/index.ts';

/** Who comes back from a simulated provider. */
const personas = ['verified', 'unverified', 'other_email', 'no_email'] as const;

type Persona = (typeof personas)[number];

/** A button on the page of a simulated provider: who comes back, or how it goes wrong there. */
export interface Choice {
  readonly choice: string;
  readonly label: string;
  /** What it is good for. */
  readonly hint: string;
}

/** How it can go wrong at any of them. */
export const failures: readonly Choice[] = [
  { choice: 'refuse', label: 'Refuse consent', hint: 'The person says no.' },
  { choice: 'error', label: 'Provider error', hint: 'The provider is out of order.' },
];

/** Everybody who can come back from a simulated provider. */
export interface Cast {
  /** The one that most sign-ins are tried with. */
  readonly first: Choice;
  readonly others: readonly Choice[];
  /** Who is meant when nobody says. */
  readonly usualEmail: string;
  /** The same account each time. @returns null when the address is none */
  accountOf(choice: string, email: string): Account | null;
}

export const socialCast: Cast = {
  first: { choice: 'verified', label: 'Verified e-mail', hint: 'The provider has checked the address.' },
  others: [
    { choice: 'unverified', label: 'Unverified e-mail', hint: 'The provider has not checked the address.' },
    { choice: 'other_email', label: 'Another e-mail', hint: 'The same account, after its address was changed there.' },
    { choice: 'no_email', label: 'No e-mail', hint: 'The provider tells no address.' },
    ...failures,
  ],
  usualEmail: 'ada@example.com',
  accountOf(choice, email) {
    const persona = personas.find((one) => one === choice);
    return persona === undefined ? null : socialAccountOf(persona, email);
  },
};

/** An account at a simulated provider. */
export interface Account {
  readonly persona: Persona;
  /** 48 bits in decimals, so that it passes as a number where the provider has numbers. */
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly firstName: string;
  readonly lastName: string;
  /** At the identity provider of an organization; nobody else has any. */
  readonly groups?: readonly string[];
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
export function socialAccountOf(persona: Persona, email: string): Account | null {
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
