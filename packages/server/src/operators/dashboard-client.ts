import type { Db, Services } from '../core/index.ts';
import { type Client, createEnvironment, findClient } from '../environments/index.ts';

/** Of the built-in environment. It is nobody's secret: it works with the dashboard's own callback only. */
const dashboardClientId = 'client_dashboard';

const strictIdleSeconds = 12 * 3600;
const strictMaxSeconds = 7 * 86_400;

export async function createDashboardEnvironment(services: Services, tx: Db): Promise<void> {
  await createEnvironment(services, tx, {
    name: 'Dashboard',
    kind: 'production',
    isHidden: true,
    applicationName: 'AuthKit',
    clientId: dashboardClientId,
    // Whoever administers sign-ins for others signs in again sooner than they do.
    settings: { sessionIdleSeconds: strictIdleSeconds, sessionMaxSeconds: strictMaxSeconds, signUpNames: 'off' },
  });
}

export async function dashboardClient(services: Services): Promise<Client> {
  const client = await findClient(services, dashboardClientId);
  if (!client) throw new Error('The built-in environment of the dashboard is missing: set-up has not run.');
  return client;
}
