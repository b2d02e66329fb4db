import { type Account, type Cast, type Choice, failures, socialAccountOf } from '../persona.ts';

/** Somebody who works elsewhere: no organization here can have that domain. */
const guestDomain = 'guest.example';

const people: readonly Choice[] = [
  {
    choice: 'colleague',
    label: 'Colleague',
    hint: 'Grace Hopper of the same domain, in the groups Engineering and Admins.',
  },
  {
    choice: 'guest',
    label: 'Guest',
    hint: `The same name at ${guestDomain}, a domain that is not the organization’s.`,
  },
];

/** What only SAML can get wrong; each has to be refused. */
const samlFaults: readonly Choice[] = [
  { choice: 'wrong_audience', label: 'Wrong audience', hint: 'The assertion is meant for somebody else.' },
  { choice: 'expired', label: 'Expired', hint: 'The assertion was good until an hour ago.' },
  { choice: 'unsigned', label: 'Unsigned', hint: 'Nobody vouches for the assertion.' },
];
export type SamlFault = 'wrong_audience' | 'expired' | 'unsigned';

export const samlFaultOf = (choice: string): SamlFault | null =>
  (samlFaults.find((fault) => fault.choice === choice)?.choice as SamlFault | undefined) ?? null;

/**
 * Who works at an organization, as its identity provider knows them.
 *
 * @param domain - the organization's; null when it has none
 */
export const employees = (protocol: 'oidc' | 'saml', domain: string | null): Cast => ({
  first: { choice: 'employee', label: 'Employee', hint: 'Whoever has the address you type, in the group Everyone.' },
  others: [...people, ...failures, ...(protocol === 'saml' ? samlFaults : [])],
  usualEmail: `ada@${domain ?? 'example.com'}`,
  accountOf: (choice, email) => withGroups(choice, socialAccountOf('verified', addressOf(choice, email))),
});

function addressOf(choice: string, email: string): string {
  const [local = '', domain = ''] = email.trim().split('@');
  switch (choice) {
    case 'colleague':
      return `grace.hopper@${domain}`;
    case 'guest':
      return `${local}@${guestDomain}`;
    default:
      return email;
  }
}

const withGroups = (choice: string, account: Account | null): Account | null =>
  account && { ...account, groups: choice === 'colleague' ? ['Everyone', 'Engineering', 'Admins'] : ['Everyone'] };
