import { attributes, html, type Printable } from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';
import type { SignOnServices } from '../exchange.ts';
import { acsUrl, spEntityId } from './addresses.ts';
import { encryptionMethods } from './decrypt.ts';
import { namespaces } from './xml.ts';

const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

/**
 * What a provider's administrator uploads there instead of typing our addresses (SAML Metadata section 2.4.4).
 *
 * @param certificates - of our keys there, in PEM, oldest first. Any of them may sign; the newest is to be encrypted for.
 */
export function spMetadata(
  services: Pick<SignOnServices, 'config'>,
  connection: Pick<ConnectionRow, 'id' | 'isRequestSigned'>,
  certificates: readonly string[],
): string {
  const entity = attributes({ xmlns: namespaces.metadata, entityID: spEntityId(services, connection) });
  const role = attributes({
    AuthnRequestsSigned: String(connection.isRequestSigned),
    WantAssertionsSigned: 'true',
    protocolSupportEnumeration: namespaces.protocol,
  });
  const service = attributes({
    Binding: postBinding,
    Location: acsUrl(services, connection),
    index: '0',
    isDefault: 'true',
  });
  return html`<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor${entity}><SPSSODescriptor${role}>${certificates.map((pem) => key('signing', pem))}${certificates.slice(-1).map((pem) => key('encryption', pem))}<AssertionConsumerService${service}/></SPSSODescriptor></EntityDescriptor>
`.markup;
}

function key(use: 'signing' | 'encryption', pem: string): Printable {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, '');
  const methods = use === 'encryption' ? encryptionMethods : [];
  return html`<KeyDescriptor${attributes({ use })}><KeyInfo${attributes({ xmlns: namespaces.signature })}><X509Data><X509Certificate>${base64}</X509Certificate></X509Data></KeyInfo>${methods.map((Algorithm) => html`<EncryptionMethod${attributes({ Algorithm })}/>`)}</KeyDescriptor>`;
}
