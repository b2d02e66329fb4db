import { getPublicSuffix } from 'tldts';
import { type FieldError, InvalidRequestParameters } from '../core/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { isConsumerDomain } from './consumer-domains.ts';

/**
 * A domain in the form that addresses have theirs: lower-case A-labels.
 *
 * @throws {InvalidRequestParameters} when it is not one, or not one that could belong to somebody: a mail provider's, or
 *   a suffix such as `co.uk` under which anybody registers
 */
export function parseDomain(raw: string, field = 'domain'): string {
  const domain = domainOf(normalizeEmail(`postmaster@${raw.trim()}`) ?? '');
  const problem = problemWith(raw, domain);
  if (problem) throw new InvalidRequestParameters([{ ...problem, field }]);
  return domain;
}

function problemWith(raw: string, domain: string): FieldError | null {
  if (domain === '' || getPublicSuffix(domain) === domain)
    return { code: 'domain_invalid', message: `'${raw.slice(0, 254)}' is not a domain somebody can own.` };
  if (isConsumerDomain(domain))
    return {
      code: 'domain_is_consumer',
      message: `'${domain}' gives addresses to anybody, so it cannot belong to one organization.`,
    };
  return null;
}

/** The domain of a normalised address. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
