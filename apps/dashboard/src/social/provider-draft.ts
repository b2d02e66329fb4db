import { ApiProblem } from '@authkit/client';
import { sentenceOf } from '../core/problems.ts';
import type { Provider, ProviderChange } from './queries.ts';

/** What is typed in the dialog. The secret is not among it: a draft rests in the tab's storage. */
export interface ProviderDraft {
  readonly clientId: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly scopes: string;
  readonly returnTokens: boolean;
  readonly position: string;
}

export interface PartProps {
  readonly provider: Provider;
  readonly draft: ProviderDraft;
  readonly error: unknown;
  readonly onChange: (part: Partial<ProviderDraft>) => void;
}

const labels: Readonly<Record<string, string>> = {
  client_id: 'Client ID',
  client_secret: 'Client secret',
  team_id: 'Team ID',
  key_id: 'Key ID',
  private_key: 'Private key',
  scopes: 'Scopes',
  position: 'Position',
};

const fields = Object.keys(labels);

/** The API speaks of its fields; on screen stand their labels. */
const inWords = (problem: string): string =>
  problem.replaceAll(/'(\w+)(?:\.\d+)?'/g, (quoted, name) => labels[name] ?? quoted);

/** What is wrong with a field, or with one of the values in it (`scopes.0`). */
export function problemOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const problem = error.fields.find((one) => one.field?.split('.')[0] === field)?.message;
  return problem === undefined ? undefined : inWords(problem);
}

/** What is wrong otherwise, in a sentence. */
export function problemBesides(error: unknown): string | undefined {
  const isPlaced = fields.some((field) => problemOf(error, field) !== undefined);
  return isPlaced || !error ? undefined : sentenceOf(error);
}

export const draftOf = (provider: Provider): ProviderDraft => ({
  clientId: provider.client_id ?? '',
  teamId: provider.team_id ?? '',
  keyId: provider.key_id ?? '',
  scopes: provider.scopes.join(' '),
  returnTokens: provider.return_tokens,
  position: provider.position === null ? '' : String(provider.position),
});

/** What differs from what is saved. Empty credentials stay as they are; Reset is how they go. */
export function changeOf(provider: Provider, draft: ProviderDraft, secret: string): ProviderChange {
  const scopes = draft.scopes.split(/\s+/).filter((scope) => scope !== '');
  const position = draft.position === '' ? null : Number(draft.position);
  return {
    ...changed('client_id', draft.clientId.trim(), provider.client_id),
    ...changed('team_id', draft.teamId.trim(), provider.team_id),
    ...changed('key_id', draft.keyId.trim(), provider.key_id),
    ...(secret.trim() !== '' && { [provider.credentials]: secret.trim() }),
    ...(scopes.join(' ') !== provider.scopes.join(' ') && { scopes }),
    ...(draft.returnTokens !== provider.return_tokens && { return_tokens: draft.returnTokens }),
    ...(position !== provider.position && { position }),
  };
}

const changed = (field: string, typed: string, saved: string | null) =>
  typed === '' || typed === saved ? {} : { [field]: typed };
