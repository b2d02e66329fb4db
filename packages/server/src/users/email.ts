import { domainToASCII, domainToUnicode } from 'node:url';

/** Octets of an address (RFC 5321 section 4.5.3.1.3, without the angle brackets) and of its local part. */
const maxOctets = 254;
const maxLocalOctets = 64;

/** A dot-string (RFC 5321 section 4.1.2). `!` and `%` are left out: old relays read them as a route to somewhere else. */
const localPart = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
/** Letters, digits and hyphens of any script; the last label begins with a letter, so no IP address passes. */
const domainPart = /^[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)*\.\p{L}[\p{L}\p{M}\p{N}-]*$/u;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * An address in the form we store: the local part as given, the domain as lower-case A-labels.
 *
 * The shape is checked before anything is normalised, and a domain that compatibility folding would change is refused:
 * otherwise a full-width or ligature letter passes here as one domain and is mailed as another. Encoded words (`=?…?=`)
 * and quoted local parts are refused because mail systems disagree about what they mean.
 *
 * @returns null when it is not an address
 */
export function normalizeEmail(raw: string): string | null {
  if (raw.length > maxOctets) return null;
  const [local = '', domain = '', ...more] = raw.split('@');
  if (more.length > 0 || local.length > maxLocalOctets || !localPart.test(local) || local.includes('=?')) return null;
  if (!domainPart.test(domain) || domain.normalize('NFKC') !== domain) return null;
  const ascii = domainToASCII(domain);
  // What no label decodes from stays encoded: such a name is nobody's, and mail systems differ in what they read there.
  if (!asciiDomain.test(ascii) || /(^|\.)xn--/.test(domainToUnicode(ascii))) return null;
  const email = `${local}@${ascii}`;
  return email.length <= maxOctets ? email : null;
}

/** What two addresses are compared by. An address is ASCII here, so lower case is the same everywhere. */
export const emailKey = (email: string): string => email.toLowerCase();
