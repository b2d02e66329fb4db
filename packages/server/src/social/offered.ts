import { type Config, type Db, isLoopbackUrl, type Services, type Tenant } from '../core/index.ts';
import type { Environment } from '../environments/index.ts';
import { type SocialProvider, socialProviders } from '../protocol/index.ts';
import { type Credentials, ownCredentials, simulatedCredentials } from './credentials.ts';
import type { ProviderDescription } from './description.ts';
import { descriptionOf, usualOrder } from './providers.ts';
import { listProviderRows, type ProviderRow } from './store.ts';

/** On from the start where providers are simulated; the others are one switch away. */
const onFromTheStart: readonly SocialProvider[] = ['GoogleOAuth', 'MicrosoftOAuth', 'AppleOAuth', 'GitHubOAuth'];

/** How an environment stands to one provider. */
export interface ProviderState {
  readonly provider: SocialProvider;
  readonly description: ProviderDescription;
  /** What somebody chose; null: nothing yet. */
  readonly row: ProviderRow | null;
  readonly isEnabled: boolean;
  /** With whose credentials: the environment's own at the real provider, or ours at the simulated one. */
  readonly source: 'own' | 'simulated' | null;
}

/** A provider that people can use here and now. */
export interface OfferedProvider extends Omit<ProviderState, 'source'> {
  readonly source: 'own' | 'simulated';
  readonly credentials: Credentials;
  /** The simulated provider's address; null for the real one. */
  readonly base: string | null;
}

/** Every provider of the contract, in the order of the buttons. */
export async function listProviderStates(
  services: Pick<Services, 'config'>,
  db: Db,
  tenant: Tenant,
  environment: Pick<Environment, 'kind' | 'isHidden'>,
): Promise<ProviderState[]> {
  const rows = new Map((await listProviderRows(db, tenant)).map((row) => [row.provider, row]));
  const states = socialProviders.map((provider) =>
    stateOf(services, environment, provider, rows.get(provider) ?? null),
  );
  return states.sort((a, b) => placeOf(a) - placeOf(b));
}

/** The chosen place, or after all of those the usual one. */
const placeOf = ({ row, provider }: ProviderState): number => row?.position ?? 1000 + usualOrder.indexOf(provider);

function stateOf(
  { config }: Pick<Services, 'config'>,
  { kind, isHidden }: Pick<Environment, 'kind' | 'isHidden'>,
  provider: SocialProvider,
  row: ProviderRow | null,
): ProviderState {
  // Who can sign in as anybody must never meet real people: only the development server has simulated providers.
  // Their pages let anybody be anybody, so they are for the developer at this machine alone.
  const isSimulated = config.mode === 'dev' && isLoopbackUrl(config.serverUrl) && kind === 'staging' && !isHidden;
  const source = row?.sealedSecret ? 'own' : isSimulated ? 'simulated' : null;
  const isOnByDefault = source === 'simulated' && onFromTheStart.includes(provider);
  const isEnabled = !isHidden && source !== null && (row?.isEnabled ?? isOnByDefault);
  return { provider, description: descriptionOf(provider), row, isEnabled, source };
}

/** What the buttons of a sign-in are for. Nothing is unsealed for a button. */
export async function listOffered(
  services: Pick<Services, 'config'> & { readonly db: Db },
  tenant: Tenant,
  environment: Pick<Environment, 'kind' | 'isHidden'>,
): Promise<ProviderState[]> {
  const states = await listProviderStates(services, services.db, tenant, environment);
  return states.filter(isOffered);
}

/** Null when it is off, or cannot be reached for want of credentials. */
export async function findOffered(
  services: Pick<Services, 'config' | 'db' | 'vault'>,
  tenant: Tenant,
  environment: Pick<Environment, 'kind' | 'isHidden'>,
  provider: SocialProvider,
): Promise<OfferedProvider | null> {
  const offered = await listOffered(services, tenant, environment);
  const state = offered.find((one) => one.provider === provider);
  return state ? withCredentials(services, state) : null;
}

const isOffered = ({ isEnabled, source, row }: ProviderState): boolean =>
  isEnabled && (source === 'simulated' || (source === 'own' && row?.clientId != null));

function withCredentials(services: Pick<Services, 'config' | 'vault'>, state: ProviderState): OfferedProvider | null {
  if (state.source === 'simulated') {
    const base = simulatedBase(services, state.description);
    return { ...state, source: 'simulated', credentials: simulatedCredentials(services, state.provider), base };
  }
  const credentials = ownCredentials(services, state.row);
  return credentials && { ...state, source: 'own', credentials, base: null };
}

export const simulatedBase = (
  { config }: Pick<Services, 'config'>,
  { slug }: Pick<ProviderDescription, 'slug'>,
): string => `${config.serverUrl}/dev/providers/${slug}`;

/** Where the provider sends people back to. Whoever registers a client there has to paste exactly this. */
export const callbackUrl = (
  { config }: { readonly config: Pick<Config, 'publicUrl'> },
  { slug }: Pick<ProviderDescription, 'slug'>,
): string => `${config.publicUrl}/sso/oauth/${slug}/callback`;
