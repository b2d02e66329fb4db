import { type Services, systemTenant } from '../../../core/index.ts';
import {
  attributeOf,
  type ConnectionRow,
  everyIn,
  parseXml,
  samlKeysOf,
  spMetadata,
  textOf,
} from '../../../sso/index.ts';

/** The certificates in our metadata, in PEM, by what they are for: all that a provider learns about our keys. */
export async function publishedKeys(
  services: Services,
  connection: ConnectionRow,
): Promise<{ readonly signing: readonly string[]; readonly encryption: readonly string[] }> {
  const keys = await samlKeysOf(services, systemTenant(connection.environmentId), connection);
  const metadata = parseXml(
    spMetadata(
      services,
      connection,
      keys.map(({ certificate }) => certificate),
    ),
  );
  const of = (use: string): string[] =>
    everyIn(metadata, 'metadata', 'KeyDescriptor')
      .filter((key) => attributeOf(key, 'use') === use)
      .flatMap((key) => everyIn(key, 'signature', 'X509Certificate').map((element) => pemOf(textOf(element))));
  return { signing: of('signing'), encryption: of('encryption') };
}

const pemOf = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
