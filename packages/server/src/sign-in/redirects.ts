import type { Services } from '../core/index.ts';
import { type Client, explainRedirectRefusal, matchRedirectUri } from '../environments/index.ts';
import { InvalidRedirectUri } from './errors.ts';

/** Where the dashboard's own sign-in comes back to. */
export const dashboardCallback = ({ config }: Pick<Services, 'config'>): string =>
  `${config.serverUrl}/dashboard/callback`;

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
        { label: 'Presented', value: presented.slice(0, 500) },
        ...(closest
          ? [
              { label: 'Closest entry', value: closest.uri },
              { label: 'Difference', value: closest.difference },
            ]
          : [{ label: 'Reason', value: reason }]),
        ...(suggestion ? [{ label: 'You could register', value: suggestion }] : []),
      ],
      fix: { label: 'Open Redirects in the dashboard', href: '/dashboard/redirects' },
    },
  });
}
