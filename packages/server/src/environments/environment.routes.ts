import { z } from 'zod';
import { operator, route } from '../core/index.ts';
import { getEnvironment } from './clients.ts';
import { ApplicationWire, EnvironmentWire, toApplication, toEnvironment } from './schema.ts';
import { fromWire, SettingsChange, SettingsWire, toSettings } from './setting-fields.ts';
import { updateApplication, updateSettings } from './settings.ts';

const read = route(
  {
    operationId: 'getDashboardEnvironment',
    method: 'GET',
    path: '/dashboard/api/environment',
    summary: 'Get the environment, its application and its settings',
    auth: operator('environment:read'),
    returns: { status: 200, body: EnvironmentWire },
    errors: [],
    internal: true,
  },
  async ({ tenant }, services) => toEnvironment(await getEnvironment(services, tenant.environmentId), services.config),
);

const changeApplication = route(
  {
    operationId: 'updateDashboardApplication',
    method: 'PATCH',
    path: '/dashboard/api/application',
    summary: 'Change the application: its name, its sign-in endpoint',
    auth: operator('environment:write'),
    body: z.object({
      name: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .regex(/^\P{Cc}*$/u, 'Leave out control characters.')
        .nullish(),
      sign_in_endpoint: z
        .string()
        .min(1)
        .nullish()
        .describe('Where people go who arrive without a request of the app. Null takes it away.'),
    }),
    returns: { status: 200, body: ApplicationWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    const changes = { name: body.name ?? undefined, signInEndpoint: body.sign_in_endpoint };
    return toApplication(await updateApplication(services, tenant, changes));
  },
);

const changeSettings = route(
  {
    operationId: 'updateDashboardSettings',
    method: 'PATCH',
    path: '/dashboard/api/settings',
    summary: 'Change how people sign in to this environment',
    auth: operator('environment:write'),
    body: SettingsChange,
    returns: { status: 200, body: SettingsWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => toSettings(await updateSettings(services, tenant, fromWire(body))),
);

export const settingsRoutes = [read, changeApplication, changeSettings];
