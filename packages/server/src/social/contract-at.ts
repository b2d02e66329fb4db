import type { OAuth2Contract, OidcContract, ProviderDescription } from './description.ts';

/**
 * Where a provider is reached: at home, or under another base with the same paths. The second is all that tells the
 * simulated provider from the real one.
 *
 * @param base - without a trailing slash; null for home
 */
export function contractAt(
  { contract }: Pick<ProviderDescription, 'contract'>,
  base: string | null,
): OidcContract | OAuth2Contract {
  if (base === null) return contract;
  const moved = (url: string): string => {
    const { pathname, search } = new URL(url);
    return base + (pathname === '/' ? '' : pathname) + search;
  };
  if (contract.kind === 'oauth2') {
    const issuer = contract.issuer === undefined ? {} : { issuer: moved(contract.issuer) };
    return { ...contract, ...issuer, endpoints: movedAll(contract.endpoints, moved) };
  }
  const { endpoints } = contract;
  return {
    ...contract,
    issuer: moved(contract.issuer),
    endpoints: endpoints === 'discovered' ? endpoints : movedAll(endpoints, moved),
  };
}

const movedAll = <T extends object>(urls: T, move: (url: string) => string): T =>
  Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, move(url as string)])) as T;
