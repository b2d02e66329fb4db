import { z } from 'zod';
import { type Config, listOf, nameText, timestamp, toTimestamp } from '../core/index.ts';
import { isRoleSlug } from '../organizations/index.ts';
import { connectionTypes } from '../protocol/index.ts';
import { type ConnectionRow, connectionStates, isComplete, protocolOf } from './connection.ts';
import { rolesOfGroups } from './group-roles.ts';
import type { ProfileRow } from './profiles.store.ts';
import { acsUrl, readCertificate, spEntityId } from './saml/index.ts';
import { isSimulated } from './simulated.ts';

const ConnectionDomain = z.object({
  id: z.string().describe('`org_domain_…`'),
  object: z.literal('connection_domain'),
  domain: z.string(),
});

export const connectionType = z.enum(connectionTypes);

export const Connection = z
  .object({
    object: z.literal('connection'),
    id: z.string().describe('`conn_…`'),
    organization_id: z.string().optional(),
    connection_type: connectionType,
    name: z.string(),
    state: z.enum(connectionStates).describe('Only an `active` one signs people in.'),
    status: z.enum(['linked', 'unlinked']).describe('The older form of `state`.').meta({ deprecated: true }),
    domains: z.array(ConnectionDomain).describe("Its organization's."),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Connection' });

export const ConnectionList = listOf(Connection);

export interface Domain {
  readonly id: string;
  readonly domain: string;
}

export const toConnectionWire = (row: ConnectionRow, domains: readonly Domain[]): z.input<typeof Connection> => ({
  object: 'connection',
  id: row.id,
  organization_id: row.organizationId,
  connection_type: row.connectionType,
  name: row.name,
  state: row.state,
  status: row.state === 'active' ? 'linked' : 'unlinked',
  domains: domains.map(({ id, domain }) => ({ id, object: 'connection_domain', domain })),
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

const mapped = z.string().trim().min(1).max(200);

/** What the provider calls the fields, where it does not use the usual names. */
export const Mapping = z.object({
  email: mapped.optional(),
  first_name: mapped.optional(),
  last_name: mapped.optional(),
  name: mapped.optional(),
  groups: mapped.optional(),
});

const maxGroupRoles = 200;

export const GroupRoles = z
  .array(
    z.object({
      group: nameText(256).trim().describe("The group's name or id, exactly as the provider sends it."),
      role_slug: z
        .string()
        .trim()
        .refine(isRoleSlug, 'is no role slug: lower-case letters, digits and - _ . : between them, 64 at most.'),
    }),
  )
  .max(maxGroupRoles);

export const Certificate = z.object({
  pem: z.string(),
  subject: z.string().describe('As its maker wrote it.'),
  fingerprint: z.string().describe('SHA-256, hexadecimal with colons.'),
  not_before: timestamp,
  not_after: timestamp.describe(
    'When the provider is going to need another one. Until it is replaced it still counts.',
  ),
});

export const toCertificates = (pems: readonly string[]): z.input<typeof Certificate>[] =>
  pems.flatMap((pem) => {
    const certificate = readCertificate(pem);
    if (!certificate) return [];
    const { notBefore, notAfter, ...same } = certificate;
    return [{ ...same, not_before: toTimestamp(notBefore), not_after: toTimestamp(notAfter) }];
  });

/** What operators see: everything but the secret, and what the other side has to be told. */
export const ConnectionDetails = Connection.extend({
  protocol: z.enum(['oidc', 'saml']),
  is_complete: z.boolean().describe('Whether it knows all it needs to be switched on.'),
  issuer: z.string().nullable(),
  client_id: z.string().nullable(),
  has_client_secret: z.boolean(),
  redirect_uri: z.string().nullable().describe('Register exactly this at an OpenID provider.'),
  idp_entity_id: z.string().nullable(),
  sign_on_url: z.string().nullable(),
  certificates: z.array(Certificate).describe('What a SAML provider signs with.'),
  idp_initiated: z.boolean(),
  sign_requests: z.boolean().describe('Whether requests to a SAML provider carry our signature.'),
  acs_url: z.string().nullable().describe('Where a SAML provider posts its answers.'),
  metadata_url: z.string().nullable().describe('What a SAML provider reads about us; our entity ID too.'),
  attribute_mapping: Mapping,
  group_roles: GroupRoles.describe('The role that counts first first. Empty: roles are given by hand.'),
  is_simulated: z.boolean().describe('Whether its provider is the stand-in of a development server.'),
}).meta({ id: 'ConnectionDetails' });

export function toDetails(
  row: ConnectionRow,
  domains: readonly Domain[],
  config: Pick<Config, 'publicUrl' | 'serverUrl'>,
): z.input<typeof ConnectionDetails> {
  const protocol = protocolOf(row);
  const { firstName, lastName, ...same } = row.attributeMapping;
  const isSaml = protocol === 'saml';
  return {
    ...toConnectionWire(row, domains),
    protocol,
    is_complete: isComplete(row),
    issuer: row.issuer,
    client_id: row.clientId,
    has_client_secret: row.sealedSecret !== null,
    redirect_uri: isSaml ? null : `${config.publicUrl}/sso/oidc/callback/${row.id}`,
    idp_entity_id: row.idpEntityId,
    sign_on_url: row.signOnUrl,
    certificates: toCertificates(row.certificates),
    idp_initiated: row.isIdpInitiatedAllowed,
    sign_requests: row.isRequestSigned,
    acs_url: isSaml ? acsUrl({ config }, row) : null,
    metadata_url: isSaml ? spEntityId({ config }, row) : null,
    is_simulated: isSimulated({ config }, row),
    group_roles: row.groupRoles.map(({ group, role }) => ({ group, role_slug: role })),
    attribute_mapping: {
      ...same,
      ...(firstName === undefined ? {} : { first_name: firstName }),
      ...(lastName === undefined ? {} : { last_name: lastName }),
    },
  };
}

const Role = z.object({ slug: z.string() });

export const Profile = z
  .object({
    object: z.literal('profile'),
    id: z.string().describe('`prof_…`'),
    organization_id: z.string().nullable(),
    connection_id: z.string(),
    connection_type: connectionType,
    idp_id: z.string().describe("The provider's own name for the person; it never changes."),
    email: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    name: z.string().nullable(),
    role: Role.nullable().optional(),
    roles: z.array(Role).nullable().optional(),
    groups: z.array(z.string()).optional(),
    custom_attributes: z.record(z.string(), z.unknown()).optional(),
    raw_attributes: z.record(z.string(), z.unknown()).describe('What the provider said, under its own names.'),
  })
  .meta({ id: 'Profile' });

/** Only where groups give roles: else a profile says nothing of them. */
function slugsOf(roles: readonly string[] | null): Pick<z.input<typeof Profile>, 'role' | 'roles'> {
  const [first] = roles ?? [];
  if (roles === null || first === undefined) return {};
  return { role: { slug: first }, roles: roles.map((slug) => ({ slug })) };
}

export const toProfileWire = (
  row: ProfileRow,
  connection: Pick<ConnectionRow, 'connectionType' | 'groupRoles'>,
): z.input<typeof Profile> => ({
  object: 'profile',
  id: row.id,
  organization_id: row.organizationId,
  connection_id: row.connectionId,
  connection_type: connection.connectionType,
  idp_id: row.subject,
  email: row.email ?? '',
  first_name: row.firstName,
  last_name: row.lastName,
  name: row.name,
  ...slugsOf(rolesOfGroups(connection, row.groups)),
  groups: [...row.groups],
  raw_attributes: { ...row.attributes },
});
