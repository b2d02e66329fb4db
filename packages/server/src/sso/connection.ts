import type { Services } from '../core/index.ts';
import type { ConnectionType } from '../protocol/index.ts';

/** What a provider calls the fields of a profile, where it does not use the usual names. */
export type AttributeMapping = Readonly<
  Partial<Record<'email' | 'firstName' | 'lastName' | 'name' | 'groups', string>>
>;

/** A group of the provider's, by the name or id it sends, and the role that it gives. */
export interface GroupRole {
  readonly group: string;
  /** A slug. */
  readonly role: string;
}

/** `draft`: it was never switched on. Only an active one signs anybody in. */
export const connectionStates = ['draft', 'active', 'inactive'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** An identity provider of an organization, and how we reach it. */
export interface ConnectionRow {
  readonly id: string;
  readonly environmentId: string;
  readonly organizationId: string;
  readonly name: string;
  readonly connectionType: ConnectionType;
  readonly state: ConnectionState;
  /** OpenID Connect: the only `iss` that is accepted, and where the discovery document is. */
  readonly issuer: string | null;
  readonly clientId: string | null;
  /** See `secretOf`. */
  readonly sealedSecret: string | null;
  /** SAML: who signs assertions, where people are sent, and with which keys, each a certificate in PEM. */
  readonly idpEntityId: string | null;
  readonly signOnUrl: string | null;
  readonly certificates: readonly string[];
  /** SAML: whether people may come from the provider without having been sent there. */
  readonly isIdpInitiatedAllowed: boolean;
  /** SAML: whether requests carry a signature of ours. */
  readonly isRequestSigned: boolean;
  readonly attributeMapping: AttributeMapping;
  /** The role that counts first first. Empty: roles are given by hand. */
  readonly groupRoles: readonly GroupRole[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type Protocol = 'oidc' | 'saml';

/** The published types say it in their names: `OktaSAML`, `OktaOIDC`, `AdpOidc`. */
export const protocolOf = ({ connectionType }: Pick<ConnectionRow, 'connectionType'>): Protocol =>
  connectionType.endsWith('SAML') ? 'saml' : 'oidc';

/** What it still has to be told before it can reach its provider, by the names of the API. */
export function missingOf(connection: ConnectionRow): string[] {
  const needed: Readonly<Record<string, unknown>> =
    protocolOf(connection) === 'oidc'
      ? { issuer: connection.issuer, client_id: connection.clientId, client_secret: connection.sealedSecret }
      : {
          idp_entity_id: connection.idpEntityId,
          sign_on_url: connection.signOnUrl,
          certificates: connection.certificates[0] ?? null,
        };
  return Object.keys(needed).filter((name) => needed[name] === null);
}

export const isComplete = (connection: ConnectionRow): boolean => missingOf(connection).length === 0;

const placeOf = ({ environmentId, id }: Pick<ConnectionRow, 'environmentId' | 'id'>): string =>
  `connections/${environmentId}/${id}`;

export const sealSecret = (
  { vault }: Pick<Services, 'vault'>,
  connection: Pick<ConnectionRow, 'environmentId' | 'id'>,
  secret: string,
): string => vault.seal(secret, placeOf(connection));

/** Our client secret at an OpenID provider; null when none was set. */
export const secretOf = ({ vault }: Pick<Services, 'vault'>, connection: ConnectionRow): string | null =>
  connection.sealedSecret === null ? null : vault.open(connection.sealedSecret, placeOf(connection));
