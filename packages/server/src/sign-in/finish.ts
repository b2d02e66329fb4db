import { base62, type Db, type Reply, reply, Secret, type Services } from '../core/index.ts';
import { markChecklistStep } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { issueCode } from '../oauth/index.ts';
import { browserCookie, createBrowserSession } from '../sessions/index.ts';
import { lockUser } from '../users/index.ts';
import type { Attempt } from './attempt.ts';
import type { OpenAttempt } from './browser.ts';
import { nextStep } from './next-step.ts';
import { acceptRedirect } from './redirects.ts';
import { answerUrl } from './request.ts';
import { finishAttempt } from './store.ts';

/**
 * Ends an attempt: signs the person in in this browser, issues the code and sends them back to the app.
 *
 * The code and the browser's token are derived from the attempt, so that a form that was sent twice leads to the same
 * place twice instead of to an error; the code still works once.
 *
 * @returns null when the attempt is not complete after all, or moved on underneath
 */
export async function finish(services: Services, open: OpenAttempt): Promise<Reply | null> {
  const { attempt, client } = open;
  const { code, browserToken } = derived(services, attempt);
  if (!attempt.finishedAt) {
    // The list may have changed since the attempt began; nobody is sent where the owner no longer wants it.
    await acceptRedirect(services, client, attempt.request.redirectUri);
    if (!(await complete(services, open, code, browserToken))) return null;
  }
  return reply.redirect(answerUrl(attempt.request.redirectUri, { code: code.reveal() }, attempt.request.state), {
    status: 303,
    cookies: [browserCookie(client.environment, browserToken)],
  });
}

function derived({ vault }: Services, attempt: Attempt): { code: Secret; browserToken: Secret } {
  const derive = (purpose: string): Secret => new Secret(base62(vault.mac(purpose, attempt.id)));
  return { code: derive('authorization-code'), browserToken: derive('browser-session') };
}

async function complete(
  services: Services,
  { attempt, client, tenant, browserToken: replaced }: OpenAttempt,
  code: Secret,
  browserToken: Secret,
): Promise<boolean> {
  const { db, now } = services;
  return db.transaction(async (tx: Db) => {
    // Held until the end: a change of password or address either finds what begins here, or is seen here.
    const user = attempt.userId === null ? null : await lockUser(tx, tenant, attempt.userId);
    if (!user || nextStep(attempt, user, client.environment.settings) !== 'complete') return false;
    const at = now();
    if (!(await finishAttempt(tx, attempt, at))) return false;
    const browserSession = await createBrowserSession(services, tx, tenant, client.environment.settings, {
      userId: user.id,
      token: browserToken,
      replaced,
      authenticationMethod: 'Password',
      authenticatedAt: new Date(attempt.proven.password ?? at.getTime()),
    });
    await issueCode(services, tx, tenant, code, {
      client,
      redirectUri: attempt.request.redirectUri,
      userId: user.id,
      browserSessionId: browserSession.id,
      organizationId: null,
      authenticationMethod: 'Password',
      authenticatedAt: browserSession.authenticatedAt,
      codeChallenge: attempt.request.codeChallenge,
      needsClientSecret: attempt.request.isOnSharedGround,
    });
    await recordEvent(services, tx, tenant, {
      name: 'sign_in.completed',
      data: { user_id: user.id, email: user.email, authentication_method: 'Password' },
      userId: user.id,
    });
    await markChecklistStep(tx, tenant, 'test_sign_in');
    return true;
  });
}
