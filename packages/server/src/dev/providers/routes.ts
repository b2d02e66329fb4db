import { z } from 'zod';
import type { Route, Services } from '../../core/index.ts';
import { servicesAt } from '../../environments/index.ts';
import { type Simulated, simulatedAt } from './endpoints.ts';
import { providerRoutes } from './provider-routes.ts';

/**
 * A provider of each kind, over HTTP, so that every button works on a machine without a network. Our side talks to them
 * with the code that talks to the real ones; only the base of the addresses differs.
 */
export const simulatedProviderRoutes = (): readonly Route[] =>
  providerRoutes({
    name: 'SimulatedProvider',
    label: 'A simulated provider',
    path: '/dev/providers/{provider}/{rest*}',
    params: z.object({ provider: z.string(), rest: z.string() }),
    async find(services, { provider }, { redirect_uri }) {
      const simulated = simulatedAt(services, provider);
      return simulated && { simulated: await askedFrom(services, simulated, redirect_uri) };
    },
  });

/** It answers to the server's own name, or to the domain that is asked for where an environment has that. */
async function askedFrom(services: Services, simulated: Simulated, redirectUri: unknown): Promise<Simulated> {
  const asked = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null;
  const { config } = await servicesAt(services, asked?.host);
  return { ...simulated, redirectUri: config.publicUrl + new URL(simulated.redirectUri).pathname };
}
