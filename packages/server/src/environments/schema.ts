import { z } from 'zod';
import { type Config, timestamp, toTimestamp, toTimestampOrNull } from '../core/index.ts';
import type { RefusalExplanation } from './redirect-doctor.ts';
import type { Finding } from './redirect-rules.ts';
import { type Settings, SettingsWire, toSettings } from './setting-fields.ts';

export type EnvironmentKind = 'staging' | 'production';

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly kind: EnvironmentKind;
  /** The built-in environment of the dashboard: it appears in no list. */
  readonly isHidden: boolean;
  readonly settings: Settings;
  /** The name of its own by which people reach its pages; null: the server's. */
  readonly domain: string | null;
}

/** An application as it presents itself to us: by its client id (RFC 6749 section 2.2). */
export interface Client {
  readonly clientId: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly signInEndpoint: string | null;
  readonly environment: Environment;
}

/** The two lists of addresses browsers may be sent to. They follow the same rules and never mix. */
export type RedirectList = 'redirect_uris' | 'sign_out_redirects';

export interface RedirectRow {
  readonly id: string;
  readonly environmentId: string;
  readonly applicationId: string;
  readonly uri: string;
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CorsOriginRow {
  readonly id: string;
  readonly environmentId: string;
  readonly applicationId: string;
  readonly origin: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const checklistSteps = [
  'redirect_uri',
  'sign_in_endpoint',
  'sign_out_redirect',
  'api_keys',
  'test_sign_in',
] as const;
export type ChecklistStep = (typeof checklistSteps)[number];

export interface Checklist {
  readonly steps: readonly { readonly id: ChecklistStep; readonly done: boolean; readonly confirmedAt: Date | null }[];
  readonly dismissed: boolean;
}

const redirectFields = {
  id: z.string(),
  uri: z.string(),
  default: z.boolean().describe('Used by flows that name no address of their own.'),
  created_at: timestamp,
  updated_at: timestamp,
};

export const RedirectUri = z
  .object({ object: z.literal('redirect_uri'), ...redirectFields })
  .meta({ id: 'RedirectUri' });
export const SignOutRedirect = z
  .object({ object: z.literal('sign_out_redirect'), ...redirectFields })
  .meta({ id: 'SignOutRedirect' });

const toRedirectFields = (row: RedirectRow) => ({
  id: row.id,
  uri: row.uri,
  default: row.isDefault,
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

export const toRedirectUri = (row: RedirectRow): z.input<typeof RedirectUri> => ({
  object: 'redirect_uri',
  ...toRedirectFields(row),
});

export const toSignOutRedirect = (row: RedirectRow): z.input<typeof SignOutRedirect> => ({
  object: 'sign_out_redirect',
  ...toRedirectFields(row),
});

const findings = z.array(z.object({ code: z.string(), message: z.string() }));

/** What the flow would make of an address, and the list of one that is not in it yet. */
export interface RedirectCheck {
  readonly accepted: boolean;
  readonly matched: { readonly id: string; readonly uri: string } | null;
  readonly refusal: RefusalExplanation | null;
  /** What would happen if exactly this were registered. */
  readonly registration: {
    readonly allowed: boolean;
    readonly problems: readonly Finding[];
    readonly warnings: readonly Finding[];
  };
}

export const RedirectCheckWire = z
  .object({
    accepted: z.boolean(),
    matched: z.object({ id: z.string(), uri: z.string() }).nullable(),
    reason: z.string().nullable().describe('Why it is not accepted.'),
    closest: z.object({ id: z.string(), uri: z.string(), difference: z.string() }).nullable(),
    suggestion: z.string().nullable().describe('A wildcard that would cover this preview host and its like.'),
    registration: z
      .object({ allowed: z.boolean(), problems: findings, warnings: findings })
      .describe('What would happen if exactly this were registered.'),
  })
  .meta({ id: 'RedirectCheck' });

export const toRedirectCheck = ({
  accepted,
  matched,
  refusal,
  registration,
}: RedirectCheck): z.input<typeof RedirectCheckWire> => ({
  accepted,
  matched,
  reason: refusal?.reason ?? null,
  closest: refusal?.closest ?? null,
  suggestion: refusal?.suggestion ?? null,
  registration: {
    allowed: registration.allowed,
    problems: [...registration.problems],
    warnings: [...registration.warnings],
  },
});

export const CorsOrigin = z
  .object({
    object: z.literal('cors_origin'),
    id: z.string(),
    origin: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'CorsOrigin' });

export const toCorsOrigin = (row: CorsOriginRow): z.input<typeof CorsOrigin> => ({
  object: 'cors_origin',
  id: row.id,
  origin: row.origin,
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

export const ApplicationWire = z
  .object({ name: z.string(), sign_in_endpoint: z.string().nullable() })
  .meta({ id: 'EnvironmentApplication' });

export const toApplication = (
  client: Pick<Client, 'applicationName' | 'signInEndpoint'>,
): z.input<typeof ApplicationWire> => ({
  name: client.applicationName,
  sign_in_endpoint: client.signInEndpoint,
});

export const EnvironmentWire = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['staging', 'production']),
    client_id: z.string(),
    issuer: z.string().describe('The `iss` of its access tokens.'),
    base_url: z.string().describe('Where SDKs reach this server.'),
    application: ApplicationWire,
    settings: SettingsWire,
  })
  .meta({ id: 'DashboardEnvironment' });

/** Where people reach an environment's pages, whichever host asks: the server's address, under the environment's name. */
export function addressOf({ serverUrl }: Pick<Config, 'serverUrl'>, { domain }: Pick<Environment, 'domain'>): string {
  if (domain === null) return serverUrl;
  const url = new URL(serverUrl);
  url.hostname = domain;
  return url.origin;
}

/** The issuer names the client, because every environment signs with keys of its own. */
export const issuerOf = (
  config: Pick<Config, 'serverUrl'>,
  { clientId, environment }: Pick<Client, 'clientId' | 'environment'>,
): string => `${addressOf(config, environment)}/user_management/${clientId}`;

export const toEnvironment = (
  { client, ...environment }: Environment & { readonly client: Client },
  config: Pick<Config, 'serverUrl'>,
): z.input<typeof EnvironmentWire> => ({
  id: environment.id,
  name: environment.name,
  kind: environment.kind,
  client_id: client.clientId,
  issuer: issuerOf(config, client),
  base_url: addressOf(config, environment),
  application: toApplication(client),
  settings: toSettings(environment.settings),
});

export const ChecklistWire = z
  .object({
    steps: z.array(z.object({ id: z.enum(checklistSteps), done: z.boolean(), confirmed_at: z.string().nullable() })),
    dismissed: z.boolean(),
  })
  .meta({ id: 'Checklist' });

export const toChecklist = ({ steps, dismissed }: Checklist): z.input<typeof ChecklistWire> => ({
  steps: steps.map(({ id, done, confirmedAt }) => ({ id, done, confirmed_at: toTimestampOrNull(confirmedAt) })),
  dismissed,
});
