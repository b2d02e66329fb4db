import { SignedXml } from 'xml-crypto';
import { attributes, html, newSecret, type Printable } from '../../../core/index.ts';
import { samlNamespaces as ns } from '../../../sso/index.ts';
import type { Account } from '../persona.ts';
import type { SamlKey } from './saml-key.ts';

/** What a response is made of. Tests and the error scenarios take another value for one part. */
export interface ResponseParts {
  readonly issuer: string;
  readonly acsUrl: string;
  readonly audience: string;
  /** Null: nobody asked. */
  readonly inResponseTo: string | null;
  readonly account: Account;
  readonly at: Date;
  readonly notOnOrAfter: Date;
}

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const time = (at: Date): string => at.toISOString();
/** An XML name does not begin with a digit. */
const newName = (): string => `_${newSecret().reveal()}`;

/** A response that names somebody, not signed yet. */
export function responseFor(parts: ResponseParts): string {
  return response(parts, [success], assertion(parts));
}

/** A response that says why there is nobody (SAML Core section 3.2.2.2). @param status - the general one first */
export const refusalFor = (
  parts: Pick<ResponseParts, 'issuer' | 'acsUrl' | 'inResponseTo' | 'at'>,
  status: readonly string[],
): string => response(parts, status, null);

function response(
  { issuer, acsUrl, inResponseTo, at }: Pick<ResponseParts, 'issuer' | 'acsUrl' | 'inResponseTo' | 'at'>,
  [general = '', special]: readonly string[],
  content: Printable,
): string {
  const own = attributes({
    ID: newName(),
    Version: '2.0',
    IssueInstant: time(at),
    Destination: acsUrl,
    InResponseTo: inResponseTo,
  });
  const code = attributes({ Value: general });
  const more = special !== undefined && html`<samlp:StatusCode${attributes({ Value: special })}/>`;
  return html`<samlp:Response xmlns:samlp="${ns.protocol}" xmlns:saml="${ns.assertion}"${own}><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode${code}>${more}</samlp:StatusCode></samlp:Status>${content}</samlp:Response>`
    .markup;
}

function assertion({ issuer, acsUrl, audience, inResponseTo, account, at, notOnOrAfter }: ResponseParts): Printable {
  const own = attributes({ ID: newName(), Version: '2.0', IssueInstant: time(at) });
  const confirmation = attributes({
    InResponseTo: inResponseTo,
    NotOnOrAfter: time(notOnOrAfter),
    Recipient: acsUrl,
  });
  const conditions = attributes({ NotBefore: time(at), NotOnOrAfter: time(notOnOrAfter) });
  const statement = attributes({ AuthnInstant: time(at), SessionIndex: newName() });
  return html`<saml:Assertion xmlns:saml="${ns.assertion}"${own}><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${account.subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData${confirmation}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions${conditions}><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement${statement}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attributesOf(account)}</saml:AttributeStatement></saml:Assertion>`;
}

function attributesOf({ email, firstName, lastName, groups = [] }: Account): Printable {
  const all: Readonly<Record<string, readonly string[]>> = {
    ...(email === null ? {} : { email: [email] }),
    firstName: [firstName],
    lastName: [lastName],
    ...(groups.length > 0 ? { groups } : {}),
  };
  return Object.entries(all).map(
    ([name, values]) =>
      html`<saml:Attribute Name="${name}">${values.map((value) => html`<saml:AttributeValue>${value}</saml:AttributeValue>`)}</saml:Attribute>`,
  );
}

export interface SignatureStyle {
  readonly element?: 'Assertion' | 'Response';
  readonly signatureAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly transforms?: readonly string[];
  readonly canonicalization?: string;
}

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Signs the assertion, or the whole, enveloped as SAML has it; the signature comes after the issuer. */
export function signed(xml: string, { privateKey, certificate }: SamlKey, style: SignatureStyle = {}): string {
  const at = `//*[local-name(.)='${style.element ?? 'Assertion'}']`;
  const signature = new SignedXml({
    privateKey,
    publicCert: certificate,
    signatureAlgorithm: style.signatureAlgorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: style.canonicalization ?? exclusive,
  });
  signature.addReference({
    xpath: at,
    digestAlgorithm: style.digestAlgorithm ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: [...(style.transforms ?? ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive])],
  });
  const issuer = `${at}/*[local-name(.)='Issuer']`;
  signature.computeSignature(xml, { prefix: 'ds', location: { reference: issuer, action: 'after' } });
  return signature.getSignedXml();
}
