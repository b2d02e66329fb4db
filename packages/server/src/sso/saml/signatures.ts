import type { XmlElement } from '@xmldom/xmldom';
import { attributeOf, childOf, childrenOf, elementsIn, everyIn, isElement, SamlRefused } from './xml.ts';

/** SHA-256 or better, with the key of a certificate; HMAC would make a public key a secret. */
const signatureMethods = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
];
const digestMethods = ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'];
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
/** In this order, the only one that SAML allows (SAML Core section 5.4.4). */
const transforms = ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive];

/**
 * Holds every signature of a message to the one form that SAML has (SAML Core section 5.4): it stands in the response or
 * in its assertion and covers exactly what it stands in. What a library would make of any other form is then no question.
 *
 * @throws {SamlRefused}
 */
export function assertPlainSignatures(response: XmlElement, assertion: XmlElement): void {
  // One that was encrypted does not stand in the response.
  const places = assertion.parentNode === response ? [response] : [response, assertion];
  const signatures = places.flatMap((place) => everyIn(place, 'signature', 'Signature'));
  if (signatures.length === 0) throw new SamlRefused('It is not signed.');
  for (const signature of signatures) {
    const signed = [response, assertion].find((element) => element === signature.parentNode);
    if (!signed) throw new SamlRefused('A signature stands where none belongs.');
    if (childrenOf(signed, 'signature', 'Signature').length > 1) throw new SamlRefused('Something is signed twice.');
    assertPlain(signature, signed);
  }
}

function assertPlain(signature: XmlElement, signed: XmlElement): void {
  // An Object could hold what a reference finds instead of the element.
  const parts = elementsIn(signature).filter((element) => !isElement(element, 'signature', 'KeyInfo'));
  if (parts.map((element) => element.localName).join() !== 'SignedInfo,SignatureValue') {
    throw new SamlRefused('A signature has parts that none has in SAML.');
  }
  const info = childOf(signature, 'signature', 'SignedInfo');
  assertOneOf(childOf(info, 'signature', 'CanonicalizationMethod'), [exclusive]);
  assertOneOf(childOf(info, 'signature', 'SignatureMethod'), signatureMethods);
  const reference = childOf(info, 'signature', 'Reference');
  const id = attributeOf(signed, 'ID');
  if (id === null || attributeOf(reference, 'URI') !== `#${id}`) {
    throw new SamlRefused('A signature covers something else than what it stands in.');
  }
  assertOneOf(childOf(reference, 'signature', 'DigestMethod'), digestMethods);
  const applied = childrenOf(childOf(reference, 'signature', 'Transforms'), 'signature', 'Transform');
  if (applied.map((element) => attributeOf(element, 'Algorithm')).join() !== transforms.join()) {
    throw new SamlRefused('A signature uses transforms other than enveloped and exclusive canonicalization.');
  }
}

function assertOneOf(method: XmlElement, known: readonly string[]): void {
  const algorithm = attributeOf(method, 'Algorithm');
  if (algorithm === null || !known.includes(algorithm)) {
    throw new SamlRefused(`A signature uses ${algorithm ?? 'no algorithm'}, which is not accepted.`);
  }
}

/** No two elements may answer to one name, however it is spelled. @throws {SamlRefused} */
export function assertNamesAreUnique(root: XmlElement): void {
  const seen = new Set<string>();
  for (const element of [root, ...Array.from(root.getElementsByTagName('*'))]) {
    for (const { name, value } of Array.from(element.attributes)) {
      if (!/^(?:\w+:)?id$/i.test(name)) continue;
      if (seen.has(value)) throw new SamlRefused('Two elements have the same ID.');
      seen.add(value);
    }
  }
}
