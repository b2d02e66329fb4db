/** What tests of social sign-in share: a person at a simulated provider, and journeys there and back below the pages. */
import { newId, systemTenant } from '../src/core/index.ts';
import { getEnvironment } from '../src/environments/index.ts';
import type { SocialProvider } from '../src/protocol/index.ts';
import {
  type Arrival,
  beginTrip,
  endTrip,
  type Fetch,
  findOffered,
  type OfferedProvider,
  type TripWishes,
} from '../src/social/index.ts';
import { changeProvider, type ProviderChange } from '../src/social/settings.ts';
import { answerOf, type TestServer } from './harness.ts';

export interface Chosen {
  readonly persona?: string;
  readonly email?: string;
}

/** Answers a provider's page. @returns what the browser brings back to the callback, by query or by form */
export async function atProvider(
  url: URL | string,
  { persona = 'verified', email }: Chosen = {},
): Promise<URLSearchParams> {
  const page = await answerOf(await fetch(url, { redirect: 'manual' }));
  if (page.location) return page.location.searchParams;
  if (page.status !== 200) throw new Error(`${url} answers ${page.status}: ${page.text.slice(0, 300)}`);
  const shown = /id="email" name="email" type="email" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const origin = new URL(url).origin;
  const answer = await answerOf(
    await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ persona, email: email ?? shown }),
      headers: { origin },
    }),
  );
  if (answer.location) return answer.location.searchParams;
  const posted = [...answer.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  if (posted.length === 0) throw new Error(`${url} answers ${answer.status}: ${answer.text.slice(0, 300)}`);
  const fields = new URLSearchParams();
  for (const [, name = '', value = ''] of posted) fields.append(name, value.replaceAll('&quot;', '"'));
  return fields;
}

export const attemptId = (server: TestServer): string => newId('attempt', server.clock.now());

export async function setProvider(server: TestServer, provider: SocialProvider, change: ProviderChange): Promise<void> {
  const { services } = server.running;
  const environment = await getEnvironment(services, server.environmentId);
  await changeProvider(services, systemTenant(server.environmentId), environment, provider, change);
}

/** Switches providers on; the simulated ones are off at first, but for four. */
export async function enable(server: TestServer, ...providers: SocialProvider[]): Promise<void> {
  for (const provider of providers) await setProvider(server, provider, { isEnabled: true });
}

export async function offeredAt(server: TestServer, provider: SocialProvider): Promise<OfferedProvider> {
  const { services } = server.running;
  const environment = await getEnvironment(services, server.environmentId);
  const offered = await findOffered(services, systemTenant(server.environmentId), environment, provider);
  if (!offered) throw new Error(`${provider} is off.`);
  return offered;
}

export interface Trip {
  readonly url: URL;
  readonly attempt: string;
  readonly offered: OfferedProvider;
  /** Ends it. Anything may be said differently than it was begun. */
  end(
    parameters: URLSearchParams,
    more?: {
      attempt?: string;
      provider?: SocialProvider;
      environmentId?: string;
      offered?: OfferedProvider | null;
      fetch?: Fetch;
    },
  ): Promise<Arrival>;
}

/** A journey of a sign-in that exists by name only. */
export async function trip(
  server: TestServer,
  provider: SocialProvider,
  { wishes = {}, fetch }: { wishes?: TripWishes; fetch?: Fetch } = {},
): Promise<Trip> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  const offered = await offeredAt(server, provider);
  const attempt = attemptId(server);
  const url = await beginTrip(services, tenant, offered, attempt, wishes, fetch);
  return {
    url,
    attempt,
    offered,
    end: (parameters, more = {}) =>
      endTrip(
        services,
        systemTenant(more.environmentId ?? server.environmentId),
        more.provider ?? provider,
        more.offered === undefined ? offered : more.offered,
        more.attempt ?? attempt,
        parameters,
        more.fetch ?? fetch,
      ),
  };
}
