import type { Config, Services, Tenant } from '../core/index.ts';
import { addressOf, getEnvironment } from '../environments/index.ts';

/** By which addresses identity providers know an environment, whichever host an operator asks at. */
export const atHome = async (
  services: Services,
  { environmentId }: Tenant,
): Promise<Pick<Config, 'publicUrl' | 'serverUrl'>> => ({
  publicUrl: addressOf(services.config, await getEnvironment(services, environmentId)),
  serverUrl: services.config.serverUrl,
});

/** What is begun from the dashboard goes on at the environment's own address, because that is the one its providers know. */
export const servicesAtHome = async (services: Services, tenant: Tenant): Promise<Services> => ({
  ...services,
  config: { ...services.config, ...(await atHome(services, tenant)) },
});
