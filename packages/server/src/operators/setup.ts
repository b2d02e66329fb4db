import { base62, type Services, sameText } from '../core/index.ts';
import { findOwner } from './store.ts';

/** Who has this may become the owner, once. Derived, so that it can be printed again while the database holds nothing. */
export const setupToken = ({ vault }: Pick<Services, 'vault'>): string => base62(vault.mac('first-run', 'owner'));

export const isSetupToken = (services: Pick<Services, 'vault'>, presented: string): boolean =>
  sameText(presented, setupToken(services));

export async function hasOwner({ db }: Pick<Services, 'db'>): Promise<boolean> {
  return (await findOwner(db)) !== null;
}

/** The dashboard; while there is no owner, the link that makes one. */
export async function setupUrl(services: Services): Promise<string> {
  const { serverUrl } = services.config;
  return (await hasOwner(services))
    ? `${serverUrl}/dashboard`
    : `${serverUrl}/dashboard/setup?token=${setupToken(services)}`;
}
