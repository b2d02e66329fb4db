import { base62, type Config, isLoopbackUrl, type Services } from '../core/index.ts';
import type { Environment } from '../environments/index.ts';
import type { ConnectionRow } from './connection.ts';

type Of = Pick<ConnectionRow, 'id'>;
interface At {
  readonly config: Pick<Config, 'serverUrl'>;
}

/** Where a development server stands in for the identity provider of a connection, of each its own. */
export const simulatedIdpBase = ({ config }: At, { id }: Of): string => `${config.serverUrl}/dev/providers/idp/${id}`;

/**
 * How the simulated OpenID provider knows us. Derived from the encryption key, so that both sides know it without
 * anything to keep.
 */
export const simulatedClient = (
  { vault }: Pick<Services, 'vault'>,
  { id }: Of,
): { readonly clientId: string; readonly secret: string } => ({
  clientId: `simulated-${id}`,
  secret: base62(vault.mac('simulated-identity-provider', id)),
});

/**
 * The simulated SAML provider: who it is, where its metadata is found, and where people sign on.
 *
 * @param isStrict - the one that takes signed requests only, and encrypts its assertions
 */
export function simulatedSaml(services: At, connection: Of, isStrict = false) {
  const base = `${simulatedIdpBase(services, connection)}/${isStrict ? 'saml-strict' : 'saml'}`;
  return { entityId: `${base}/metadata`, signOnUrl: `${base}/sign-on`, startUrl: `${base}/start` } as const;
}

/**
 * Whether there is one: whose page lets anybody be anybody must never meet real people, so it is for the developer at
 * this machine alone.
 */
export const isSimulationOffered = (
  { config }: Pick<Services, 'config'>,
  { kind, isHidden }: Pick<Environment, 'kind' | 'isHidden'>,
): boolean => config.mode === 'dev' && isLoopbackUrl(config.serverUrl) && kind === 'staging' && !isHidden;

/** Whether that is the provider a connection has. */
export const isSimulated = (services: At, connection: Pick<ConnectionRow, 'id' | 'issuer' | 'idpEntityId'>): boolean =>
  connection.issuer === simulatedIdpBase(services, connection) ||
  [false, true].some((isStrict) => connection.idpEntityId === simulatedSaml(services, connection, isStrict).entityId);
