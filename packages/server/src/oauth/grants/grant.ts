import { z } from 'zod';
import { type RequestInfo, type Services, text } from '../../core/index.ts';
import type { Claims } from '../../jwt-templates/index.ts';
import type { SessionRow } from '../../sessions/index.ts';
import type { ProviderTokens } from '../../social/index.ts';
import type { UserRow } from '../../users/index.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';

/** What a grant ends with: a session, and the refresh token that goes on with it. */
export interface Granted {
  readonly session: SessionRow;
  readonly refreshToken: string;
  /** Of the environment's template, when they were looked at before the session moved on. */
  readonly ownClaims?: Claims | undefined;
  /** Who it is, when that was read on the way here. */
  readonly user?: UserRow | undefined;
  /** Also say what RFC 6749 section 5.1 asks for: clients of this grant are no SDKs of ours, which need it not. */
  readonly isTokenTypeNamed?: true;
  /** What the provider gave for its API, once, where the environment hands it on. */
  readonly providerTokens?: ProviderTokens | null;
}

/** One way to get tokens at `POST /user_management/authenticate`. */
export interface Grant<Body extends z.ZodType = z.ZodType> {
  /** Its `grant_type` and parameters. */
  readonly body: Body;
  /** Whether the client must prove its secret (RFC 6749 section 2.3); `any` also takes public clients. */
  readonly client: 'secret' | 'any';
  readonly authorize: (
    services: Services,
    caller: AuthenticatedClient,
    wanted: z.output<Body>,
    request: RequestInfo,
  ) => Promise<Granted>;
}

export const grant = <Body extends z.ZodType>(definition: Grant<Body>): Grant<Body> => definition;

/** Every grant names its client and may say whose request it is: the app's server speaks for a browser. */
export const common = {
  client_id: z.string().describe('`client_…`'),
  client_secret: z
    .string()
    .nullish()
    .describe('An API key of the environment; also accepted as Bearer. Public clients send none.'),
  ip_address: z.string().nullish().describe('The person’s address, when an app’s server asks for them.'),
  device_id: z.string().nullish(),
  user_agent: z.string().nullish().describe('The person’s browser, when an app’s server asks for them.'),
};

/** As somebody typed it. No address is longer (RFC 5321 section 4.5.3.1.3), and failures are recorded with what was sent. */
export const typedEmail = text(254);

/** Whose request it is. */
export interface EndUser {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** What the app calls the device; null: it does not say. */
  readonly deviceId: string | null;
}

/** What an app's server reports is shown to people, and kept no longer than what we see ourselves. */
const maxAddressLength = 64;
const maxUserAgentLength = 512;
const maxDeviceIdLength = 256;

interface Reported {
  readonly ip_address?: string | null | undefined;
  readonly user_agent?: string | null | undefined;
  readonly device_id?: string | null | undefined;
}

/** Who asks, for want of somebody who is known better. */
export function endUserOf(wanted: Reported, caller: AuthenticatedClient, request: RequestInfo): EndUser {
  const said = reportedEndUser(wanted, caller, request);
  return { ...said, ipAddress: said.ipAddress ?? request.ip, userAgent: said.userAgent ?? request.userAgent };
}

/** A server's own address says nothing about the person; what it reports does. A browser speaks for itself. */
export function reportedEndUser(
  wanted: Reported,
  { isConfidential }: AuthenticatedClient,
  request: RequestInfo,
): EndUser {
  if (!isConfidential) return { ipAddress: request.ip, userAgent: request.userAgent, deviceId: null };
  return {
    ipAddress: wanted.ip_address?.slice(0, maxAddressLength) || null,
    userAgent: wanted.user_agent?.slice(0, maxUserAgentLength) || null,
    deviceId: wanted.device_id?.slice(0, maxDeviceIdLength) || null,
  };
}
