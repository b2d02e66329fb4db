/** What tests of SAML share: a provider that signs what it is told to, and connections below the API. */
import { after, minutes, newId, systemTenant } from '../src/core/index.ts';
import { samlKeyIn } from '../src/dev/providers/idp/saml-key.ts';
import {
  type ResponseParts,
  responseFor,
  type SignatureStyle,
  signed,
} from '../src/dev/providers/idp/saml-response.ts';
import { insertConnection } from '../src/sso/connections.store.ts';
import { activateConnection, createConnection, updateConnection } from '../src/sso/connections.ts';
import { acsUrl, type ConnectionRow, spEntityId } from '../src/sso/index.ts';
import { simulateProvider } from '../src/sso/set-up.ts';
import type { TestServer } from './harness.ts';

/** Made once for all tests of a file: a key takes a good part of a second. */
export const ownKey = samlKeyIn(null);
/** Of another provider. */
export const otherKey = samlKeyIn(null);

export const idp = 'https://idp.example/metadata';

/** A connection of an organization that exists by name only. */
export async function samlConnection(server: TestServer, changes: Partial<ConnectionRow> = {}): Promise<ConnectionRow> {
  const at = server.clock.now();
  const { certificate } = await ownKey(at);
  const connection: ConnectionRow = {
    id: newId('connection', at),
    environmentId: server.environmentId,
    organizationId: newId('organization', at),
    name: 'Acme',
    connectionType: 'GenericSAML',
    state: 'active',
    issuer: null,
    clientId: null,
    sealedSecret: null,
    idpEntityId: idp,
    signOnUrl: 'https://idp.example/sign-on',
    certificates: [certificate],
    isIdpInitiatedAllowed: false,
    isRequestSigned: false,
    attributeMapping: {},
    groupRoles: [],
    createdAt: at,
    updatedAt: at,
    ...changes,
  };
  await insertConnection(server.running.services.db, connection);
  return connection;
}

/** What a good answer to a request is made of. */
export const partsFor = (
  server: TestServer,
  connection: ConnectionRow,
  changes: Partial<ResponseParts> = {},
): ResponseParts => {
  const at = server.clock.now();
  return {
    issuer: connection.idpEntityId ?? '',
    acsUrl: acsUrl(server.running.services, connection),
    audience: spEntityId(server.running.services, connection),
    inResponseTo: '_request',
    account: {
      persona: 'verified',
      subject: 'subject-1',
      email: 'ada@example.com',
      isEmailVerified: true,
      firstName: 'Ada',
      lastName: 'Lovelace',
      groups: ['Everyone', 'Admins'],
    },
    at,
    notOnOrAfter: after(at, minutes(5)),
    ...changes,
  };
};

/** The same, signed by the connection's provider. */
export async function signedFor(
  server: TestServer,
  connection: ConnectionRow,
  changes: Partial<ResponseParts> = {},
  style: SignatureStyle = {},
): Promise<string> {
  return signed(responseFor(partsFor(server, connection, changes)), await ownKey(server.clock.now()), style);
}

export const encoded = (xml: string): string => Buffer.from(xml).toString('base64');

/** An organization with a proved domain, and a connection to the provider that is simulated for it, switched on. */
export async function simulatedConnection(
  server: TestServer,
  {
    domain = 'acme.com',
    isIdpInitiatedAllowed = false,
    isStrict = false,
    connectionType = 'GenericSAML' as const,
  } = {},
): Promise<{ organizationId: string; connection: ConnectionRow }> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  const body = { name: 'Acme', domain_data: [{ domain, state: 'verified' }] };
  const organizationId: string = (await server.api('POST', '/organizations', body)).json.id;
  const wanted = { name: 'Acme SAML', connectionType };
  const { id } = (await createConnection(services, tenant, organizationId, wanted)).connection;
  await simulateProvider(services, tenant, id, isStrict);
  await updateConnection(services, tenant, id, { isIdpInitiatedAllowed });
  const { connection } = await activateConnection(services, tenant, id);
  return { organizationId, connection };
}
