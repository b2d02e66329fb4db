import { z } from 'zod';
import { devKey, EntityNotFound, newSecret, type Route, route, type Services, type Tenant } from '../core/index.ts';
import { defaultRedirectUri, getEnvironment } from '../environments/index.ts';
import { issueCode } from '../oauth/index.ts';
import { findMembership, OrganizationMembershipNotFound } from '../organizations/index.ts';
import {
  authenticationMethodOf,
  browserCookie,
  createBrowserSession,
  type Impersonator,
  type Proven,
  recordSignIn,
} from '../sessions/index.ts';
import { lockUser } from '../users/index.ts';

const proofs = {
  password: 'password',
  magic_auth: 'magicAuth',
  passkey: 'passkey',
  totp: 'totp',
} as const satisfies Record<string, keyof Proven>;

const firstProofs: readonly string[] = ['password', 'magic_auth', 'passkey'];

const body = z.object({
  user_id: z.string().describe('Who has signed in.'),
  organization_id: z.string().nullish().describe('In which of their organizations.'),
  proved: z
    .array(z.enum(Object.keys(proofs) as (keyof typeof proofs)[]))
    .default(['password'])
    .refine((given) => given.some((proof) => firstProofs.includes(proof)), {
      message: `name one of ${firstProofs.join(', ')}; totp is a second proof`,
    })
    .describe('What they proved.'),
  impersonator: z
    .object({ email: z.string(), reason: z.string().default('A test') })
    .nullish()
    .describe('The operator who acts as them. Our own pages then know nobody.'),
  code_challenge: z.string().nullish().describe('RFC 7636, S256: for a client without a secret.'),
});

/** Somebody signs in without the pages: what a test of an app begins with, when the sign-in is not what it is about. */
export const signInRoute: Route = route(
  {
    operationId: 'startTestSignIn',
    method: 'POST',
    path: '/dev/sign-ins',
    summary: 'Sign somebody in without the pages',
    description:
      'The answer is what the pages end with: a code for the app to exchange, and the cookie of the browser.',
    auth: devKey(),
    body,
    returns: {
      status: 201,
      body: z.object({
        code: z.string().describe('For `POST /user_management/authenticate`.'),
        browser_cookie: z
          .object({ name: z.string(), value: z.string() })
          .nullable()
          .describe('Of this server: with it a browser is signed in at our pages.'),
      }),
    },
    errors: [EntityNotFound, OrganizationMembershipNotFound],
    internal: true,
  },
  async ({ tenant, body: wanted, request }, services) => {
    const at = services.now().getTime();
    const proven: Proven = wanted.impersonator
      ? { impersonation: at }
      : Object.fromEntries(wanted.proved.map((proof) => [proofs[proof], at]));
    return signIn(services, tenant, {
      userId: wanted.user_id,
      organizationId: wanted.organization_id ?? null,
      proven,
      impersonator: wanted.impersonator ?? null,
      codeChallenge: wanted.code_challenge ?? null,
      ipAddress: request.ip,
      userAgent: request.userAgent,
    });
  },
);

interface SignIn {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly proven: Proven;
  readonly impersonator: Impersonator | null;
  readonly codeChallenge: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** Nothing is asked of the environment's policy here; the refreshes that follow ask it as ever. */
async function signIn(
  services: Services,
  tenant: Tenant,
  { userId, codeChallenge, impersonator, ipAddress, userAgent, ...rest }: SignIn,
): Promise<{ code: string; browser_cookie: { name: string; value: string } | null }> {
  const { client } = await getEnvironment(services, tenant.environmentId);
  const redirectUri = (await defaultRedirectUri(services, client)) ?? '';
  const [code, browserToken] = [newSecret(), newSecret()];
  const how = { authenticationMethod: authenticationMethodOf(rest.proven), authenticatedAt: services.now() };
  return services.db.transaction(async (tx) => {
    const user = await lockUser(tx, tenant, userId);
    if (!user) throw new EntityNotFound('User', userId);
    const { organizationId } = rest;
    if (organizationId !== null) {
      const membership = await findMembership(tx, tenant, organizationId, userId);
      if (membership?.status !== 'active') throw new OrganizationMembershipNotFound(organizationId);
    }
    const browserSession = impersonator
      ? null
      : await createBrowserSession(services, tx, tenant, client.environment.settings, {
          ...rest,
          ...how,
          userId,
          token: browserToken,
          replaced: null,
          ipAddress,
          userAgent,
        });
    await issueCode(services, tx, tenant, code, {
      ...rest,
      ...how,
      client,
      userId,
      redirectUri,
      impersonator,
      codeChallenge,
      browserSessionId: browserSession?.id ?? null,
      attemptId: null,
      needsClientSecret: false,
      ipAddress,
      userAgent,
    });
    if (!impersonator) await recordSignIn(services, tx, tenant, user, how.authenticationMethod);
    const cookie = browserSession && browserCookie(client.environment, browserToken);
    return { code: code.reveal(), browser_cookie: cookie && { name: cookie.name, value: cookie.value } };
  });
}
