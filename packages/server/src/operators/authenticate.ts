import {
  after,
  authenticatedTenant,
  EntityNotFound,
  Forbidden,
  minutes,
  type Operator,
  ReauthenticationRequired,
  type RequestInfo,
  type Route,
  type Services,
  seconds,
  sha256,
  systemTenant,
  type Tenant,
  Unauthorized,
} from '../core/index.ts';
import { findEnvironment } from '../environments/index.ts';
import { idleUntil, touchSession } from '../sessions/index.ts';
import { isSameOrigin } from '../sign-in/index.ts';
import { dashboardClient } from './dashboard-client.ts';
import { findOperatorSession, type OperatorSession } from './store.ts';

export const operatorCookie = 'authkit-operator';
const environmentHeader = 'x-authkit-environment';

/**
 * The operator behind a request of the dashboard. The cookie is `SameSite=Strict`, and a request that changes something
 * must also say that it comes from our own pages.
 *
 * @throws {Unauthorized} without a session that still counts
 * @throws {Forbidden} when another site sent it
 */
export async function authenticateOperator(
  services: Services,
  request: RequestInfo,
): Promise<Operator & OperatorSession> {
  const token = request.cookie(operatorCookie);
  if (token === null) throw new Unauthorized('no operator cookie');
  if (request.method !== 'GET' && !isSameOrigin(services, request))
    throw new Forbidden('This request did not come from the dashboard.');
  const session = await findOperatorSession(services.db, sha256(token), services.now());
  if (!session) throw new Unauthorized('the operator session is over');
  await noteActivity(services, session);
  return { ...session, id: session.userId };
}

/** Activity is written down at most this often. */
const touchEveryMs = seconds(60);

/** No refresh moves the end of inactivity of an operator's session, as no token of it is ever handed out. */
async function noteActivity(services: Services, session: OperatorSession): Promise<void> {
  const { environment } = await dashboardClient(services);
  const at = services.now();
  const idleExpiresAt = idleUntil(environment.settings, at, session.expiresAt);
  if (idleExpiresAt.getTime() - session.idleExpiresAt.getTime() <= touchEveryMs) return;
  await touchSession(services.db, systemTenant(session.environmentId), session.sessionId, { at, idleExpiresAt });
}

/** How long ago an operator may have proved who they are, to do what cannot be taken back. */
const freshForMs = minutes(15);

/**
 * The environment an operator works in, as their request names it. Custom headers cannot be sent from other origins
 * without our leave, so the header is a second defence against forged requests.
 *
 * @param route - may ask for an operator who signed in a short while ago
 * @throws {EntityNotFound} when there is no such environment
 * @throws {ReauthenticationRequired} when the sign-in is older than fifteen minutes and the route asks for a fresh one
 */
export async function operatorTenant(
  services: Services,
  request: RequestInfo,
  route: Pick<Route, 'needsFreshOperator'>,
): Promise<Tenant> {
  const operator = await authenticateOperator(services, request);
  if (route.needsFreshOperator && after(operator.authenticatedAt, freshForMs) < services.now()) {
    throw new ReauthenticationRequired('Please confirm that it is you, and try again.', {
      reauthenticate_url: '/dashboard/login?fresh=1',
    });
  }
  const environmentId = request.header(environmentHeader);
  if (environmentId === null)
    throw new Forbidden(`Say which environment is meant: send the header ${environmentHeader}.`);
  const environment = await findEnvironment(services, environmentId);
  if (!environment || environment.isHidden) throw new EntityNotFound('Environment', environmentId);
  return authenticatedTenant(environmentId, { type: 'operator', id: operator.userId, name: operator.email });
}
