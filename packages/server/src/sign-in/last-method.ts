import { type CookieToSet, days, type RequestInfo, type Tenant } from '../core/index.ts';
import { type AuthenticationMethod, authenticationMethods } from '../protocol/index.ts';

const cookieSeconds = days(365) / 1000;

const cookieNameOf = ({ environmentId }: Pick<Tenant, 'environmentId'>): string =>
  `authkit-method-${environmentId.slice('environment_'.length).toLowerCase()}`;

/**
 * How somebody signed in in this browser last, so that the next time its page says which way it was. It says nothing
 * about who, and whoever changes it changes a badge.
 */
export const lastMethodCookie = (tenant: Pick<Tenant, 'environmentId'>, method: AuthenticationMethod): CookieToSet => ({
  name: cookieNameOf(tenant),
  value: method,
  maxAgeSeconds: cookieSeconds,
});

export function lastMethodOf(
  tenant: Pick<Tenant, 'environmentId'>,
  request: Pick<RequestInfo, 'cookie'>,
): AuthenticationMethod | null {
  const value = request.cookie(cookieNameOf(tenant));
  return authenticationMethods.find((method) => method === value) ?? null;
}
