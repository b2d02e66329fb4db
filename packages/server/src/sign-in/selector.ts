import type { Services, Tenant } from '../core/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { type ConnectionRow, findConnection } from '../sso/index.ts';
import type { AppError, Selector } from './request.ts';
import { connectionForAddress, connectionOf } from './sso.ts';

/** The connection an app means, or what it is told instead. */
export async function selectConnection(
  services: Pick<Services, 'db'>,
  tenant: Tenant,
  selector: Selector,
): Promise<ConnectionRow | AppError> {
  switch (selector.by) {
    case 'connection': {
      const connection = await findConnection(services.db, tenant, selector.id);
      if (!connection) return { error: 'connection_invalid', description: `There is no connection '${selector.id}'.` };
      return connection.state === 'active'
        ? connection
        : { error: 'connection_unlinked', description: `The connection '${selector.id}' is not active.` };
    }
    case 'organization': {
      const description = `There is no organization '${selector.id}' with an active connection.`;
      const organization = await findOrganization(services.db, tenant, selector.id);
      const connection = organization && (await connectionOf(services, tenant, organization.id));
      return connection ?? { error: 'organization_invalid', description };
    }
    case 'domain': {
      const description = `No organization with an active connection has verified '${selector.domain}'.`;
      const address = `anybody@${selector.domain}`;
      const connection = await connectionForAddress(services, tenant, address);
      return connection ?? { error: 'connection_domain_invalid', description };
    }
  }
}
