import type { Claims } from '../description.ts';

const ownDomains = ['gmail.com', 'googlemail.com'];

/**
 * Google verifies addresses that it does not run as well: whoever had such a mailbox once stays verified there. It
 * speaks for its own domains and for those of a Workspace, which it names in `hd`.
 */
export function googleIsAuthority({ hd }: Claims, email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return ownDomains.includes(domain) || (typeof hd === 'string' && hd.toLowerCase() === domain);
}
