import type { EnvironmentSummary } from '../core/environment.tsx';

export interface UsualAddresses {
  readonly callback: string;
  readonly signIn: string;
  readonly home: string;
  /** Whether they can be taken as they stand. On a developer's machine they can; nobody's product is at example.com. */
  readonly areReal: boolean;
}

/** What an application's addresses most likely are, to be offered or shown as an example. */
export function usualAddresses({ kind }: Pick<EnvironmentSummary, 'kind'>): UsualAddresses {
  const home = kind === 'staging' ? 'http://localhost:3000' : 'https://example.com';
  return { home, callback: `${home}/callback`, signIn: `${home}/login`, areReal: kind === 'staging' };
}
