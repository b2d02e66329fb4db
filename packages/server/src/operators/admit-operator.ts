import { authenticatedTenant, newSecret, type RequestInfo, Secret, type Services, sha256 } from '../core/index.ts';
import { redeemCode } from '../oauth/index.ts';
import type { SessionRow } from '../sessions/index.ts';
import { operatorCookie } from './authenticate.ts';
import { dashboardClient } from './dashboard-client.ts';
import { setupCookie } from './dashboard-state.ts';
import { DashboardSignInFailed, NotAnOperator } from './errors.ts';
import { isSetupToken } from './setup.ts';
import { claimInstallation, deleteOperatorSession, findOperator, insertOperatorSession } from './store.ts';

export const signInFailed = (): DashboardSignInFailed =>
  new DashboardSignInFailed({
    heading: 'errors.dashboardFailed',
    message: 'errors.dashboardFailedWhy',
    advice: 'errors.attemptOverAdvice',
    restart: { label: 'signIn.signIn', url: '/dashboard/login' },
  });

const stranger = (): NotAnOperator =>
  new NotAnOperator({
    heading: 'errors.stranger',
    message: 'errors.strangerWhy',
    advice: 'errors.strangerAdvice',
  });

/**
 * Lets the person in whom a code of the hosted pages is about.
 *
 * @returns the token of their new session of the dashboard
 * @throws {DashboardSignInFailed} when the code is worth nothing
 * @throws {NotAnOperator} when they do not administer this installation
 */
export async function admitOperator(services: Services, code: string, request: RequestInfo): Promise<Secret> {
  const session = await redeem(services, code, request);
  const token = newSecret();
  if (!(await admit(services, session, token, request))) throw stranger();
  return token;
}

async function redeem(services: Services, code: string, request: RequestInfo): Promise<SessionRow> {
  const client = await dashboardClient(services);
  const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
  const result = await redeemCode(services, tenant, {
    code: new Secret(code),
    client,
    jwtTemplate: null,
    isConfidential: true,
    codeVerifier: null,
    invitationId: null,
    ipAddress: request.ip,
    userAgent: request.userAgent,
  });
  if (result.outcome !== 'redeemed') throw signInFailed();
  return result.session;
}

/** Operators come in; so does the first person with the set-up token, who becomes the owner by it. */
async function admit(services: Services, session: SessionRow, token: Secret, request: RequestInfo): Promise<boolean> {
  const holdsSetupToken = isSetupToken(services, request.cookie(setupCookie) ?? '');
  return services.db.transaction(async (tx) => {
    const at = services.now();
    const isOperator = (await findOperator(tx, session.userId)) !== null;
    if (!isOperator && !(holdsSetupToken && (await claimInstallation(tx, session.userId, at)))) return false;
    // Signing in again is a new session: the cookie of the one before works no more, wherever it has got to.
    const before = request.cookie(operatorCookie);
    if (before !== null) await deleteOperatorSession(tx, sha256(before));
    await insertOperatorSession(tx, token.hash(), session.id, session.userId, at);
    return true;
  });
}
