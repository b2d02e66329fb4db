import { type CookieToSet, days, type RequestInfo } from '../core/index.ts';

/**
 * `?plain=1` at any hosted page shows it without the operator's own CSS, and every page after it in this browser for a
 * day, so that a whole sign-in can be walked through; `?plain=0` ends that. It takes away and adds nothing, so whoever
 * follows such a link from elsewhere loses no more than decoration.
 */
const plainCookie = 'authkit-plain';
const lifetimeSeconds = days(1) / 1000;

/** Null: the address does not say. */
function askedFor(url: string): boolean | null {
  const said = new URLSearchParams(url.split('?', 2)[1] ?? '').get('plain');
  return said === '1' ? true : said === '0' ? false : null;
}

export const isPlain = (request: Pick<RequestInfo, 'url' | 'cookie'>): boolean =>
  askedFor(request.url) ?? request.cookie(plainCookie) === '1';

/** What makes the browser remember what the address says. */
export function plainCookies(url: string): readonly CookieToSet[] {
  const asked = askedFor(url);
  if (asked === null) return [];
  return [{ name: plainCookie, value: asked ? '1' : '', maxAgeSeconds: lifetimeSeconds }];
}
