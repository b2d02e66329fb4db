import type { Db, Services, Tenant } from '../core/index.ts';
import { type Environment, recordChange } from '../environments/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import { sealSecret } from './credentials.ts';
import { refuse } from './errors.ts';
import { listProviderStates, type ProviderState } from './offered.ts';
import { descriptionOf } from './providers.ts';
import { isAppleKey } from './quirks/apple.ts';
import { toTrail } from './schema.ts';
import { deleteProviderRow, type ProviderRow, saveProviderRow } from './store.ts';

/** What a request changes; what it leaves out stays. */
export interface ProviderChange {
  readonly isEnabled?: boolean | undefined;
  readonly hasTokensReturned?: boolean | undefined;
  readonly position?: number | null | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly teamId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/**
 * Sets a provider up, or changes how it is. Credentials come whole: a new client id needs its secret, because the old
 * one would belong to another client.
 *
 * @throws {InvalidRequestParameters}
 */
export async function changeProvider(
  services: Services,
  tenant: Tenant,
  environment: Environment,
  provider: SocialProvider,
  change: ProviderChange,
): Promise<ProviderState> {
  return services.db.transaction(async (tx) => {
    const before = await stateIn(services, tx, tenant, environment, provider);
    const at = services.now();
    const row: ProviderRow = {
      environmentId: tenant.environmentId,
      provider,
      hasTokensReturned: change.hasTokensReturned ?? before.row?.hasTokensReturned ?? false,
      position: change.position === undefined ? (before.row?.position ?? null) : change.position,
      scopes: change.scopes ?? before.row?.scopes ?? [],
      // Whoever brings credentials wants the button.
      isEnabled: change.isEnabled ?? (change.clientId !== undefined || before.isEnabled),
      ...credentialsOf(services, tenant, provider, before.row, change),
      createdAt: before.row?.createdAt ?? at,
      updatedAt: at,
    };
    await saveProviderRow(tx, tenant, row);
    return recorded(services, tx, tenant, environment, before);
  });
}

/** Back to the defaults of the environment's kind; what was kept of credentials is gone. */
export async function resetProvider(
  services: Services,
  tenant: Tenant,
  environment: Environment,
  provider: SocialProvider,
): Promise<ProviderState> {
  return services.db.transaction(async (tx) => {
    const before = await stateIn(services, tx, tenant, environment, provider);
    await deleteProviderRow(tx, tenant, provider);
    return recorded(services, tx, tenant, environment, before);
  });
}

type KeptCredentials = Pick<ProviderRow, 'clientId' | 'sealedSecret' | 'keyId' | 'teamId'>;

function credentialsOf(
  services: Pick<Services, 'vault'>,
  tenant: Tenant,
  provider: SocialProvider,
  before: ProviderRow | null,
  change: ProviderChange,
): KeptCredentials {
  const isKey = descriptionOf(provider).clientAuthentication === 'signed_jwt';
  const secret = isKey ? change.privateKey : change.clientSecret;
  const secretName = isKey ? 'private_key' : 'client_secret';
  const kept: KeptCredentials = {
    clientId: change.clientId ?? before?.clientId ?? null,
    sealedSecret:
      secret === undefined
        ? (before?.sealedSecret ?? null)
        : sealSecret(services, { environmentId: tenant.environmentId, provider }, secret),
    keyId: isKey ? (change.keyId ?? before?.keyId ?? null) : null,
    teamId: isKey ? (change.teamId ?? before?.teamId ?? null) : null,
  };
  const isOtherClient = change.clientId !== undefined && change.clientId !== before?.clientId;
  if (isOtherClient && secret === undefined) throw refuse(secretName, `Send '${secretName}' with a new client ID.`);
  if (kept.clientId === null && secret !== undefined) throw refuse('client_id', "Send 'client_id' with the secret.");
  if (isKey && kept.clientId !== null) assertAppleKey(kept, change.privateKey);
  return kept;
}

function assertAppleKey({ keyId, teamId }: KeptCredentials, privateKey: string | undefined): void {
  if (keyId === null) throw refuse('key_id', "Send 'key_id': the ten characters beside the key in Apple's list.");
  if (teamId === null) throw refuse('team_id', "Send 'team_id': the ten characters below your name at Apple.");
  if (privateKey !== undefined && !isAppleKey(privateKey)) {
    throw refuse(
      'private_key',
      "This is not the content of the .p8 file that Apple gave you: '-----BEGIN PRIVATE KEY-----' and so on.",
    );
  }
}

async function stateIn(
  services: Services,
  tx: Db,
  tenant: Tenant,
  environment: Environment,
  provider: SocialProvider,
): Promise<ProviderState> {
  const states = await listProviderStates(services, tx, tenant, environment);
  const state = states.find((one) => one.provider === provider);
  if (!state) throw new Error(`There is no provider '${provider}'.`);
  return state;
}

async function recorded(
  services: Services,
  tx: Db,
  tenant: Tenant,
  environment: Environment,
  before: ProviderState,
): Promise<ProviderState> {
  const after = await stateIn(services, tx, tenant, environment, before.provider);
  const part = `social_providers.${before.provider}` as const;
  await recordChange(services, tx, tenant, part, { before: toTrail(before), after: toTrail(after) });
  return after;
}
