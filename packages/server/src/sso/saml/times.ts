import { minutes } from '../../core/index.ts';
import { SamlRefused } from './xml.ts';

/** How far a provider's clock may be from ours. */
export const skewMs = minutes(3);

/** xs:dateTime with a zone; SAML asks for UTC (SAML Core section 1.3.3). @throws {SamlRefused} */
export function readTime(text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isTime ? text : Number.NaN);
  if (Number.isNaN(time.getTime())) throw new SamlRefused(`'${text.slice(0, 40)}' is no time.`);
  return time;
}

/**
 * Whether now is within its bounds, give or take the skew.
 *
 * @throws {SamlRefused}
 */
export function assertWithin(
  { notBefore, notOnOrAfter }: { readonly notBefore: string | null; readonly notOnOrAfter: string | null },
  at: Date,
): void {
  if (notBefore !== null && readTime(notBefore).getTime() - skewMs > at.getTime()) {
    throw new SamlRefused(`It is not valid before ${notBefore}.`);
  }
  if (notOnOrAfter !== null && readTime(notOnOrAfter).getTime() + skewMs <= at.getTime()) {
    throw new SamlRefused(`It is not valid on or after ${notOnOrAfter}.`);
  }
}
