/** No second recipient, no subject, no escapes: what would open is what stands there. */
const oneAddress = /^mailto:[^\s,;:<>()"'\\@?&%#/]+@[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

/** Blanks, controls and backslashes are dropped or turned by some readers of addresses, and so mean two things. */
const plain = /^https:\/\/[^\s\p{C}\\/]/iu;

/** Whether people may be sent there for help: an https address that names nobody, or `mailto:` one address. */
export function isSupportUrl(text: string): boolean {
  if (oneAddress.test(text)) return true;
  if (!plain.test(text) || /[\s\p{C}\\]/u.test(text)) return false;
  const url = URL.parse(text);
  // `https://bank.example@evil.example` reads like the bank's.
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && !/^[^/]*\/\/[^/?#]*@/.test(text);
}

/** How a person reads it: the address alone where it is one for mail. */
export const readableSupport = (url: string): string => url.replace(/^mailto:/i, '');
