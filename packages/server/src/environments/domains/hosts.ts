import { cache, type Db, type Services } from '../../core/index.ts';
import { addressOf } from '../schema.ts';
import { selectActiveDomains } from './store.ts';

/** Whose each name in use is. All of them at once: hosts that nobody has must not each cost a look in the database. */
const hosts = cache<ReadonlyMap<string, string>>({ max: 1 });

const activeHosts = ({ db }: Pick<Services, 'db'>): Promise<ReadonlyMap<string, string>> =>
  hosts.get(
    db,
    'active',
    async () => new Map((await selectActiveDomains(db)).map(({ name, environmentId }) => [name, environmentId])),
  );

export const forgetHosts = ({ db }: Pick<Services, 'db'>, tx: Db): void => tx.afterCommit(() => hosts.forgetAll(db));

/** Whether a name is in use, for whoever fetches certificates: the server's own is too. */
export const isServed = async (services: Pick<Services, 'db' | 'config'>, name: string): Promise<boolean> =>
  name === new URL(services.config.serverUrl).hostname || (await activeHosts(services)).has(name);

/**
 * The services as they are for a request with that `Host`. Where it is the active domain of an environment, with the
 * server's own port, then that domain is the public URL: of cookies, links, passkeys and what counts as our own form. Any
 * other host is answered as if it were the server's own, and gets into nothing we write.
 *
 * `X-Forwarded-Host` is not looked at: whoever sits in front hands the `Host` on as it came.
 */
export function servicesAt(services: Services, host: string | undefined): Services | Promise<Services> {
  const { serverUrl } = services.config;
  if (host === undefined || serverUrl.endsWith(`//${host}`)) return services;
  return atDomain(services, host);
}

async function atDomain(services: Services, host: string): Promise<Services> {
  const { config } = services;
  const domain = host.toLowerCase().replace(/:\d+$/, '');
  const environmentId = (await activeHosts(services)).get(domain);
  if (environmentId === undefined) return services;
  const publicUrl = addressOf(config, { domain });
  if (publicUrl !== URL.parse(`${new URL(publicUrl).protocol}//${host}`)?.origin) return services;
  return { ...services, hostEnvironmentId: environmentId, config: { ...config, publicUrl } };
}
