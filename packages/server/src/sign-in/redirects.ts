import type { Services } from '../core/index.ts';
import { type Client, explainRedirectRefusal, matchRedirectUri, wayToAdd } from '../environments/index.ts';
import { InvalidRedirectUri } from './errors.ts';

/** Where the dashboard's own sign-in comes back to. */
export const dashboardCallback = ({ config }: Pick<Services, 'config'>): string =>
  `${config.serverUrl}/dashboard/callback`;

/** Longest address that is shown. */
const maxShown = 500;

/**
 * Checks an address against the client's list.
 *
 * @throws {InvalidRedirectUri} when it is not registered; the page then names what the developer got wrong, in staging
 */
export async function acceptRedirect(
  services: Services,
  client: Client,
  presented: string,
): Promise<{ isOnSharedGround: boolean }> {
  if (client.environment.isHidden && presented === dashboardCallback(services)) return { isOnSharedGround: false };
  const match = await matchRedirectUri(services, client, presented);
  if (match) return { isOnSharedGround: match.needsConfirmation || match.needsClientSecret };
  const { reason, closest, suggestion } = await explainRedirectRefusal(services, client, presented);
  throw new InvalidRedirectUri({
    heading: 'errors.redirect',
    message: 'errors.redirectUnknown',
    advice: 'errors.goBackAndRetry',
    clientId: client.clientId,
    developer: {
      title: 'This redirect URI is not registered',
      rows: [
        { label: 'Presented', value: presented.slice(0, maxShown) },
        ...(closest
          ? [
              { label: 'Closest entry', value: closest.uri },
              { label: 'Difference', value: closest.difference },
            ]
          : [{ label: 'Reason', value: reason }]),
        ...(suggestion ? [{ label: 'You could register', value: suggestion }] : []),
      ],
      fix: wayToAdd(client.environment, 'redirect_uris', presented),
    },
  });
}
