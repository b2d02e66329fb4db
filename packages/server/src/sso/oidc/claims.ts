import type { RawAssertion } from '../assertion.ts';
import type { AttributeMapping, ConnectionRow } from '../connection.ts';

type Claims = Readonly<Record<string, unknown>>;

/** OpenID Connect Core section 5.1; `groups` is what most providers call them. */
const usual: Required<AttributeMapping> = {
  email: 'email',
  firstName: 'given_name',
  lastName: 'family_name',
  name: 'name',
  groups: 'groups',
};

/** Of a token and not of the person. */
const protocolClaims = new Set([
  'iss',
  'aud',
  'azp',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'jti',
]);

/** The subject is always `sub`: any other claim could be given to somebody else one day. */
export function claimsToAssertion({ attributeMapping }: ConnectionRow, claims: Claims): RawAssertion {
  const names = { ...usual, ...attributeMapping };
  const claim = (name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  return {
    subject: claims.sub,
    email: claim(names.email),
    firstName: claim(names.firstName),
    lastName: claim(names.lastName),
    name: claim(names.name),
    groups: claim(names.groups),
    attributes: Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.has(name))),
  };
}
