/** The one place where the rooms are wired together. */
import type { FastifyInstance } from 'fastify';
import { accountRoutes } from './account/index.ts';
import {
  apiKeyRoutes,
  authenticateApiKey,
  countApiCall,
  countManagementCall,
  noteRefusedKey,
} from './api-keys/index.ts';
import { attemptReactions } from './attempts/index.ts';
import { authenticationReactions, authenticationRoutes } from './authentication/index.ts';
import { brandingRoutes } from './branding/index.ts';
import {
  type AllowOrigin,
  type Authenticators,
  createHttpServer,
  type Hash,
  openApiDocument,
  type Reaction,
  type RequestInfo,
  type Route,
  type Services,
  sha256,
  sql,
  type Tenant,
  Unauthorized,
} from './core/index.ts';
import { createFailures, type DevControls, devRoutes, failAsOrdered } from './dev/index.ts';
import { docsRoutes } from './docs/index.ts';
import { environmentRoutes, getEnvironment, isAllowedOrigin, servicesAt } from './environments/index.ts';
import { eventRoutes } from './events/index.ts';
import { impersonationReactions, impersonationRoutes } from './impersonation/index.ts';
import { jwtTemplateRoutes } from './jwt-templates/index.ts';
import { keyRoutes } from './keys/index.ts';
import { leadHome } from './lead-home.ts';
import { lockoutReactions, lockoutRoutes } from './lockout/index.ts';
import { mailRoutes } from './mail/index.ts';
import { mfaReactions, mfaRoutes } from './mfa/index.ts';
import { oauthReactions, oauthRoutes } from './oauth/index.ts';
import { authenticateOperator, operatorRoutes, operatorTenant } from './operators/index.ts';
import { organizationReactions, organizationRoutes } from './organizations/index.ts';
import { passkeyReactions, passkeyRoutes } from './passkeys/index.ts';
import { previewRoutes } from './previews/index.ts';
import { radarReactions } from './radar/index.ts';
import { redirectLoopbackNames } from './redirect-loopback-names.ts';
import { rememberPlain } from './remember-plain.ts';
import { serveDashboard } from './serve-dashboard.ts';
import { sessionReactions, sessionRoutes } from './sessions/index.ts';
import { countingForms, renderErrorPage, signInRoutes } from './sign-in/index.ts';
import { socialReactions, socialRoutes } from './social/index.ts';
import { ssoReactions, ssoRoutes } from './sso/index.ts';
import { userReactions, userRoutes } from './users/index.ts';

/** Every operation of the contract, in the order of the rooms. */
export const contractRoutes: readonly Route[] = [
  ...eventRoutes,
  ...environmentRoutes,
  ...brandingRoutes,
  ...keyRoutes,
  ...apiKeyRoutes,
  ...mailRoutes,
  ...userRoutes,
  ...lockoutRoutes,
  ...organizationRoutes,
  ...sessionRoutes,
  ...impersonationRoutes,
  ...mfaRoutes,
  ...passkeyRoutes,
  ...socialRoutes,
  ...ssoRoutes,
  ...jwtTemplateRoutes,
  ...authenticationRoutes,
  ...oauthRoutes,
  ...countingForms([...signInRoutes, ...accountRoutes, ...previewRoutes, ...operatorRoutes]),
  ...docsRoutes,
];

/** What later rooms do about the events of earlier ones. */
export const reactions: readonly Reaction[] = [
  ...userReactions,
  ...lockoutReactions,
  ...sessionReactions,
  ...impersonationReactions,
  ...authenticationReactions,
  ...oauthReactions,
  ...passkeyReactions,
  ...mfaReactions,
  ...organizationReactions,
  ...attemptReactions,
  ...socialReactions,
  ...ssoReactions,
  ...radarReactions,
];

export const contract = (version: string): Record<string, unknown> =>
  openApiDocument(contractRoutes, {
    title: 'AuthKit',
    version,
    description: 'The identity platform people run themselves. Operations marked `x-internal` belong to its dashboard.',
  });

/** Only in `dev`: its controls, and the hash of the one key that opens them. */
export interface Development extends Omit<DevControls, 'failures'> {
  readonly keyHash: () => Hash;
}

export async function createApp(services: Services, development: Development | null): Promise<FastifyInstance> {
  const failures = createFailures();
  const routes = [...contractRoutes, ...(development ? devRoutes(services, { ...development, failures }) : [])];
  const allowOrigin: AllowOrigin = (origin, clientId) => isAllowedOrigin(services, origin, clientId);
  const app = await createHttpServer({
    services,
    routes,
    authenticators: authenticators(services, development),
    servicesAt,
    renderErrorPage,
    allowOrigin,
  });
  leadHome(app, services);
  rememberPlain(app, services);
  addHealth(app, services);
  addContract(app, services);
  await serveDashboard(app, services);
  if (development) {
    redirectLoopbackNames(app, services);
    failAsOrdered(app, failures, allowOrigin);
  }
  return app;
}

function authenticators(services: Services, development: Development | null): Authenticators {
  return {
    async tenant(request, route): Promise<Tenant> {
      const tenant = await authenticated(request, route);
      if (route.auth.kind === 'devKey') return tenant;
      const environment = await getEnvironment(services, tenant.environmentId);
      countApiCall(services, environment, tenant);
      if (tenant.actor.type === 'api_key') countManagementCall(services, environment, route);
      return tenant;
    },
    operator: (request) => authenticateOperator(services, request),
  };

  async function authenticated(request: RequestInfo, route: Route): Promise<Tenant> {
    const { auth } = route;
    if (auth.kind === 'operator') return operatorTenant(services, request, route);
    // Only the Bearer scheme, and never in an address (RFC 6750 section 2.3).
    const presented = /^Bearer (\S+)$/i.exec(request.authorization ?? '')?.[1];
    if (auth.kind === 'devKey' && (presented === undefined || sha256(presented) !== development?.keyHash()))
      throw new Unauthorized('not the dev key');
    if (presented === undefined && request.authorization === null) return operatorTenant(services, request, route);
    const tenant = presented === undefined ? null : await authenticateApiKey(services, presented);
    if (tenant) return tenant;
    if (presented !== undefined) noteRefusedKey(services, presented, null, request);
    throw new Unauthorized('not an API key');
  }
}

/** Alive: this process answers. Ready: it can also reach its database. */
function addHealth(app: FastifyInstance, { db }: Services): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await db.one(sql`select 1 as ready`);
    return { status: 'ok' };
  });
}

function addContract(app: FastifyInstance, { config }: Services): void {
  let document: string | undefined;
  app.get('/openapi.json', async (_request, response) => {
    document ??= JSON.stringify(contract(config.version));
    return response
      .header('content-type', 'application/json; charset=utf-8')
      .header('access-control-allow-origin', '*')
      .send(document);
  });
}
