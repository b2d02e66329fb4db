import { z } from 'zod';
import { type Route, type Services, systemTenant } from '../../../core/index.ts';
import { selectDomainsOf } from '../../../organizations/index.ts';
import { type ConnectionRow, findConnectionAnywhere, servicesAtHome, simulatedSaml } from '../../../sso/index.ts';
import { type OtherEndpoint, providerRoutes } from '../provider-routes.ts';
import { simulatedOidc } from './oidc.ts';
import { chooseEmployee, type SimulatedSaml, samlMetadata, showEmployees } from './saml.ts';
import { samlKeyIn } from './saml-key.ts';

/**
 * The identity provider of each connection, over HTTP, in both protocols. Which of the two a connection speaks is for the
 * connection to say; how to reach them is copied into it like anybody's.
 *
 * @param dataDir - see `samlKeyIn`
 */
export function simulatedIdentityProviderRoutes(dataDir: string | null): readonly Route[] {
  const samlKey = samlKeyIn(dataDir);
  return providerRoutes({
    name: 'SimulatedIdentityProvider',
    label: 'A simulated identity provider of an organization',
    path: '/dev/providers/idp/{connection}/{rest*}',
    params: z.object({ connection: z.string().max(64), rest: z.string() }),
    async find(services, { connection: id }) {
      const connection = await findConnectionAnywhere(services.db, id);
      if (!connection) return null;
      const domain = await domainOf(services, connection);
      const home = await servicesAtHome(services, systemTenant(connection.environmentId));
      return {
        simulated: simulatedOidc(home, connection, domain),
        otherAt: (pathname) => samlEndpointAt({ services: home, connection, domain }, samlKey, pathname),
      };
    },
  });
}

function samlEndpointAt(
  of: Omit<SimulatedSaml, 'isStrict'>,
  samlKey: ReturnType<typeof samlKeyIn>,
  pathname: string,
): OtherEndpoint | null {
  const isStrict = pathname.includes('/saml-strict/');
  const saml: SimulatedSaml = { ...of, isStrict };
  const key = () => samlKey(saml.services.now());
  const { entityId, signOnUrl, startUrl } = simulatedSaml(saml.services, saml.connection, isStrict);
  if (pathname === pathOf(entityId)) return { kind: 'document', read: async () => samlMetadata(saml, await key()) };
  const isStart = pathname === pathOf(startUrl);
  if (!isStart && pathname !== pathOf(signOnUrl)) return null;
  return {
    kind: 'page',
    show: (sent, request) => showEmployees(saml, isStart ? null : sent, request),
    choose: async (sent, choice, request) => chooseEmployee(saml, await key(), isStart ? null : sent, choice, request),
  };
}

/** Whose people these are; a domain that was proved comes first. */
async function domainOf({ db }: Services, { environmentId, organizationId }: ConnectionRow): Promise<string | null> {
  const domains = await selectDomainsOf(db, systemTenant(environmentId), [organizationId]);
  const verified = domains.find(({ state }) => state === 'verified');
  return (verified ?? domains[0])?.domain ?? null;
}

const pathOf = (url: string): string => new URL(url).pathname;
