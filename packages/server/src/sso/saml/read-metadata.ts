import type { XmlElement } from '@xmldom/xmldom';
import { readCertificate } from './certificate.ts';
import { attributeOf, childOf, childrenOf, everyIn, isElement, namespaces, parseXml, SamlRefused } from './xml.ts';

/** What a provider's metadata says that a connection needs. */
export interface ProviderMetadata {
  readonly entityId: string;
  /** Where browsers are sent, by HTTP-Redirect. */
  readonly signOnUrl: string;
  /** In PEM: the keys it signs with, of which more than one overlap when it changes them. */
  readonly certificates: readonly string[];
  readonly wantsSignedRequests: boolean;
}

const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
const maxLength = 512 * 1024;

/**
 * Reads what identity providers hand out for set-up (SAML Metadata section 2.4.3). It is not signed by anybody we know:
 * whoever pastes it vouches for it.
 *
 * @throws {SamlRefused}
 */
export function readMetadata(xml: string): ProviderMetadata {
  if (xml.length > maxLength) throw new SamlRefused(`It is longer than ${maxLength} characters.`);
  const root = parseXml(xml.trim(), { hasComments: true });
  const entity = isElement(root, 'metadata', 'EntitiesDescriptor') ? onlyProvider(root) : root;
  if (!isElement(entity, 'metadata', 'EntityDescriptor')) throw new SamlRefused('It is no SAML metadata.');
  const entityId = attributeOf(entity, 'entityID');
  if (entityId === null) throw new SamlRefused('It names no entityID.');
  const [provider] = childrenOf(entity, 'metadata', 'IDPSSODescriptor');
  if (!provider) throw new SamlRefused('It describes no identity provider (IDPSSODescriptor).');
  return {
    entityId,
    signOnUrl: signOnUrlOf(provider),
    certificates: certificatesOf(provider),
    wantsSignedRequests: ['true', '1'].includes(attributeOf(provider, 'WantAuthnRequestsSigned') ?? ''),
  };
}

function onlyProvider(list: XmlElement): XmlElement {
  const providers = everyIn(list, 'metadata', 'EntityDescriptor').filter(
    (entity) => childrenOf(entity, 'metadata', 'IDPSSODescriptor').length > 0,
  );
  const [provider, ...more] = providers;
  if (!provider || more.length > 0) throw new SamlRefused('It describes not exactly one identity provider.');
  return provider;
}

function signOnUrlOf(provider: XmlElement): string {
  const services = childrenOf(provider, 'metadata', 'SingleSignOnService');
  const service = services.find((element) => attributeOf(element, 'Binding') === redirectBinding);
  const location = service ? attributeOf(service, 'Location') : null;
  if (location === null) throw new SamlRefused('It has no SingleSignOnService with the binding HTTP-Redirect.');
  if (!URL.canParse(location) || !/^https?:$/.test(new URL(location).protocol)) {
    throw new SamlRefused('Its SingleSignOnService is at no address that a browser can be sent to.');
  }
  return location;
}

function certificatesOf(provider: XmlElement): string[] {
  const keys = childrenOf(provider, 'metadata', 'KeyDescriptor').filter(
    (key) => (attributeOf(key, 'use') ?? 'signing') === 'signing',
  );
  const found = keys.flatMap((key) => {
    const info = childOf(key, 'signature', 'KeyInfo');
    return Array.from(info.getElementsByTagNameNS(namespaces.signature, 'X509Certificate'));
  });
  const certificates = found.map((element) => readCertificate(element.textContent ?? ''));
  const pems = certificates.flatMap((certificate) => (certificate ? [certificate.pem] : []));
  if (pems.length === 0) throw new SamlRefused('It has no signing certificate with an RSA key of 2048 bits or more.');
  return [...new Set(pems)];
}
