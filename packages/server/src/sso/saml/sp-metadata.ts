import { attributes, html } from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';
import type { SignOnServices } from '../exchange.ts';
import { acsUrl, spEntityId } from './addresses.ts';
import { namespaces } from './xml.ts';

const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

/** What a provider's administrator uploads there instead of typing our addresses (SAML Metadata section 2.4.4). */
export function spMetadata(services: Pick<SignOnServices, 'config'>, connection: Pick<ConnectionRow, 'id'>): string {
  const entity = attributes({ xmlns: namespaces.metadata, entityID: spEntityId(services, connection) });
  const role = attributes({
    AuthnRequestsSigned: 'false',
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
<EntityDescriptor${entity}><SPSSODescriptor${role}><AssertionConsumerService${service}/></SPSSODescriptor></EntityDescriptor>
`.markup;
}
