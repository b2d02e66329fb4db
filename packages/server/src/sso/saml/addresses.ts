import type { Config } from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';

interface At {
  readonly config: Pick<Config, 'publicUrl'>;
}
type Of = Pick<ConnectionRow, 'id'>;

/** Where the provider posts its answers (assertion consumer service). Of each connection its own. */
export const acsUrl = ({ config }: At, { id }: Of): string => `${config.publicUrl}/sso/saml/acs/${id}`;

/**
 * By which name the provider knows us, and what it has to write into each assertion as its audience. Of each connection
 * its own, so that what a provider says to one counts at no other. Our metadata is found at that address.
 */
export const spEntityId = ({ config }: At, { id }: Of): string => `${config.publicUrl}/sso/saml/metadata/${id}`;
