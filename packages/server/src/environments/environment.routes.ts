import { z } from 'zod';
import { operator, route } from '../core/index.ts';
import { getEnvironment } from './clients.ts';
import { ApplicationWire, EnvironmentWire, SettingsWire, toApplication, toEnvironment, toSettings } from './schema.ts';
import { settingBounds, updateApplication, updateSettings } from './settings.ts';

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

const duration = ({ min, max }: { min: number; max: number }) =>
  z.number().int().nullish().describe(`In seconds, ${min} to ${max}.`);

const changeSettings = route(
  {
    operationId: 'updateDashboardSettings',
    method: 'PATCH',
    path: '/dashboard/api/settings',
    summary: 'Change how people sign in to this environment',
    auth: operator('environment:write'),
    body: z.object({
      require_email_verification: z.boolean().nullish(),
      sign_up_names: z.enum(['off', 'optional', 'required']).nullish(),
      access_token_seconds: duration(settingBounds.accessTokenSeconds),
      session_idle_seconds: duration(settingBounds.sessionIdleSeconds),
      session_max_seconds: duration(settingBounds.sessionMaxSeconds),
      strict_redirects: z.boolean().nullish(),
    }),
    returns: { status: 200, body: SettingsWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    const settings = await updateSettings(services, tenant, {
      requireEmailVerification: body.require_email_verification ?? undefined,
      signUpNames: body.sign_up_names ?? undefined,
      accessTokenSeconds: body.access_token_seconds ?? undefined,
      sessionIdleSeconds: body.session_idle_seconds ?? undefined,
      sessionMaxSeconds: body.session_max_seconds ?? undefined,
      strictRedirects: body.strict_redirects ?? undefined,
    });
    return toSettings(settings);
  },
);

export const settingsRoutes = [read, changeApplication, changeSettings];
