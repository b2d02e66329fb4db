import { type Assertion, type RawAssertion, readAssertion } from '../assertion.ts';
import type { AttributeMapping } from '../connection.ts';
import type { SignedAssertion } from './read-signed-assertion.ts';

/** What providers call the fields when nobody told them otherwise, ours first. */
const usual: Readonly<Record<keyof AttributeMapping, readonly string[]>> = {
  email: [
    'email',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    'urn:oid:0.9.2342.19200300.100.1.3',
    'mail',
    'emailAddress',
    'user.email',
  ],
  firstName: [
    'firstName',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
    'urn:oid:2.5.4.42',
    'givenName',
    'first_name',
  ],
  lastName: [
    'lastName',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
    'urn:oid:2.5.4.4',
    'sn',
    'surname',
    'last_name',
  ],
  name: [
    'name',
    'http://schemas.microsoft.com/identity/claims/displayname',
    'urn:oid:2.16.840.1.113730.3.1.241',
    'displayName',
  ],
  groups: [
    'groups',
    'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups',
    'http://schemas.xmlsoap.org/claims/Group',
    'memberOf',
  ],
};

/**
 * Who that is, in the words of the platform.
 *
 * @returns null when nobody is named in a form that can be kept
 */
export function assertionOf(signed: SignedAssertion, mapping: AttributeMapping): Assertion | null {
  const { nameId, attributes } = signed;
  const values = (field: keyof AttributeMapping): readonly string[] => {
    const own = mapping[field];
    const names = own === undefined ? usual[field] : [own];
    const found = names.find((name) => Object.hasOwn(attributes, name));
    return found === undefined ? [] : [attributes[found] ?? []].flat();
  };
  const first = (field: keyof AttributeMapping): string | undefined => values(field)[0];
  const raw: RawAssertion = {
    subject: nameId,
    // Many providers name people by their address and say no more.
    email: first('email') ?? (mapping.email === undefined && nameId.includes('@') ? nameId : undefined),
    firstName: first('firstName'),
    lastName: first('lastName'),
    name: first('name'),
    groups: values('groups'),
    attributes,
  };
  return readAssertion(raw);
}
