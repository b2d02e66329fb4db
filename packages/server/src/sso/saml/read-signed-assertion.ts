import type { XmlElement } from '@xmldom/xmldom';
import { after } from '../../core/index.ts';
import { assertWithin, readTime, skewMs } from './times.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  elementsIn,
  everyIn,
  isElement,
  namespaces,
  SamlRefused,
  textOf,
} from './xml.ts';

/** What a signed assertion says, once everything in it that could make it somebody else's was checked. */
export interface SignedAssertion {
  /** Unique at its provider. */
  readonly id: string;
  /** When it can be forgotten, as by then it counts for nothing anyway. */
  readonly expiresAt: Date;
  /** The request it answers; null when there was none. */
  readonly inResponseTo: string | null;
  readonly nameId: string;
  /** A URI; null where the provider does not say. */
  readonly nameIdFormat: string | null;
  /** One value as text, several as a list. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

interface Expected {
  readonly idpEntityId: string;
  readonly audience: string;
  readonly acsUrl: string;
  /** What the response around it says that it answers. */
  readonly inResponseTo: string | null;
}

const maxIdLength = 256;
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

/**
 * Reads an assertion whose signature holds (SAML Core section 2.3.3, SAML Profiles section 4.1.4.3).
 *
 * @throws {SamlRefused}
 */
export function readSignedAssertion(assertion: XmlElement, expected: Expected, at: Date): SignedAssertion {
  if (!isElement(assertion, 'assertion', 'Assertion')) throw new SamlRefused('No assertion is signed.');
  if (attributeOf(assertion, 'Version') !== '2.0') throw new SamlRefused('The assertion is not of version 2.0.');
  if (textOf(childOf(assertion, 'assertion', 'Issuer')) !== expected.idpEntityId) {
    throw new SamlRefused('The assertion is of another issuer.');
  }
  assertWithin({ notBefore: required(assertion, 'IssueInstant'), notOnOrAfter: null }, at);
  assertAuthenticated(assertion, at);
  const confirmedUntil = assertConfirmed(assertion, expected, at);
  const validUntil = assertConditions(assertion, expected, at);
  return {
    id: idOf(assertion),
    expiresAt: after(confirmedUntil < validUntil ? confirmedUntil : validUntil, skewMs),
    inResponseTo: expected.inResponseTo,
    ...nameIn(assertion),
    attributes: attributesIn(assertion),
  };
}

function idOf(assertion: XmlElement): string {
  const id = required(assertion, 'ID');
  if (id.length > maxIdLength) throw new SamlRefused(`Its ID is longer than ${maxIdLength} characters.`);
  return id;
}

function required(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  if (value === null) throw new SamlRefused(`${element.localName} has no ${name}.`);
  return value;
}

/** Whoever brings it may use it: here, in time, and for the one request it answers. @returns until when */
function assertConfirmed(assertion: XmlElement, { acsUrl, inResponseTo }: Expected, at: Date): Date {
  const all = childrenOf(childOf(assertion, 'assertion', 'Subject'), 'assertion', 'SubjectConfirmation');
  const [confirmation, ...more] = all.filter((element) => attributeOf(element, 'Method') === bearer);
  if (!confirmation || more.length > 0) throw new SamlRefused('It has not exactly one confirmation for its bearer.');
  const data = childOf(confirmation, 'assertion', 'SubjectConfirmationData');
  if (required(data, 'Recipient') !== acsUrl) throw new SamlRefused(`Its recipient is not ${acsUrl}.`);
  if (attributeOf(data, 'InResponseTo') !== inResponseTo) throw new SamlRefused('It answers another request.');
  const notOnOrAfter = required(data, 'NotOnOrAfter');
  assertWithin({ notBefore: attributeOf(data, 'NotBefore'), notOnOrAfter }, at);
  return readTime(notOnOrAfter);
}

/** The conditions that we understand; one that we do not makes the whole invalid (SAML Core section 2.5.1.1). */
function assertConditions(assertion: XmlElement, { audience }: Expected, at: Date): Date {
  const conditions = childOf(assertion, 'assertion', 'Conditions');
  const notOnOrAfter = required(conditions, 'NotOnOrAfter');
  assertWithin({ notBefore: attributeOf(conditions, 'NotBefore'), notOnOrAfter }, at);
  const restrictions = childrenOf(conditions, 'assertion', 'AudienceRestriction');
  const isForUs = (restriction: XmlElement): boolean =>
    childrenOf(restriction, 'assertion', 'Audience').some((element) => textOf(element) === audience);
  if (restrictions.length === 0 || !restrictions.every(isForUs)) {
    throw new SamlRefused(`Its audience is not ${audience}.`);
  }
  const known = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];
  const strange = elementsIn(conditions).find(
    ({ namespaceURI, localName }) => namespaceURI !== namespaces.assertion || !known.includes(localName),
  );
  if (strange) throw new SamlRefused(`It has a condition that is not known here: ${strange.localName}.`);
  return readTime(notOnOrAfter);
}

function nameIn(assertion: XmlElement): Pick<SignedAssertion, 'nameId' | 'nameIdFormat'> {
  const element = childOf(childOf(assertion, 'assertion', 'Subject'), 'assertion', 'NameID');
  const nameIdFormat = attributeOf(element, 'Format');
  if (nameIdFormat === transient) {
    throw new SamlRefused(
      'Its name identifier is transient: it names somebody new each time. Choose a persistent one.',
    );
  }
  const nameId = textOf(element);
  if (nameId === '') throw new SamlRefused('It names nobody.');
  return { nameId, nameIdFormat };
}

/** The person proved themselves to the provider, and what came of it there is not over. */
function assertAuthenticated(assertion: XmlElement, at: Date): void {
  const [statement, ...more] = childrenOf(assertion, 'assertion', 'AuthnStatement');
  if (!statement || more.length > 0) throw new SamlRefused('It has not exactly one AuthnStatement.');
  const notOnOrAfter = attributeOf(statement, 'SessionNotOnOrAfter');
  assertWithin({ notBefore: required(statement, 'AuthnInstant'), notOnOrAfter }, at);
}

function attributesIn(assertion: XmlElement): SignedAssertion['attributes'] {
  const values = new Map<string, string[]>();
  for (const statement of childrenOf(assertion, 'assertion', 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, 'assertion', 'Attribute')) {
      const name = required(attribute, 'Name');
      const more = childrenOf(attribute, 'assertion', 'AttributeValue').map(textOf);
      values.set(name, [...(values.get(name) ?? []), ...more]);
    }
  }
  if (everyIn(assertion, 'assertion', 'EncryptedAttribute').length > 0) {
    throw new SamlRefused('It has encrypted attributes; switch their encryption off at the provider.');
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]));
}
