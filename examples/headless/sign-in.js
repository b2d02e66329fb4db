/** The ladder of a sign-in: a first proof, and then whatever step the platform says is missing. */
import { randomUUID } from 'node:crypto';
import { AuthenticationException, NotFoundException, OauthException } from '@workos-inc/node';
import { clientId, cookieOptions, cookiePassword, redirectUri, workos } from './config.js';
import { keep } from './session.js';

const { userManagement, multiFactorAuth } = workos;
const signed = { ...cookieOptions, signed: true, maxAge: 10 * 60_000 }; // As long as the platform keeps a step open.
const session = { sealSession: true, cookiePassword };

/** Who is signing in: the platform counts failures and lists devices by it, and would else see only this server. */
const from = (req) => ({ clientId, session, ipAddress: req.ip, userAgent: req.get('user-agent') });

// docs: answers
/** How each step is answered, by the code that asked for it. A code by mail is a step of our own. */
const answers = {
  magic_auth: (common, { email }, { code }) => userManagement.authenticateWithMagicAuth({ ...common, email, code }),
  email_verification_required: (common, { token }, { code }) =>
    userManagement.authenticateWithEmailVerification({ ...common, code, pendingAuthenticationToken: token }),
  mfa_enrollment: totp,
  mfa_challenge: totp,
  organization_selection_required(common, { token }, { organization_id: organizationId }) {
    const choice = { organizationId, pendingAuthenticationToken: token };
    return userManagement.authenticateWithOrganizationSelection({ ...common, ...choice });
  },
};
// docs: end

function totp(common, { token, challengeId }, { code }) {
  const step = { pendingAuthenticationToken: token, authenticationChallengeId: challengeId };
  return userManagement.authenticateWithTotp({ ...common, ...step, code });
}

/** Kept here and not in the cookie, which would tell apart who has an account. Use a store where you run several processes. */
const steps = new Map();
export const readStep = (req) => steps.get(req.signedCookies.step);
export const answerStep = async (req, res) => {
  const step = readStep(req);
  return step ? climb(res, req, answers[step.code](from(req), step, req.body)) : res.redirect(303, '/login');
};

export const withPassword = (req, res) => {
  const { email, password } = req.body;
  return climb(res, req, userManagement.authenticateWithPassword({ ...from(req), email, password }));
};

/** A code by mail: goes out whether or not somebody has the address. */
export async function mailCode({ body: { email } }, res) {
  await userManagement.createMagicAuth({ email });
  ask(res, { code: 'magic_auth', email });
}

/** Somebody who has an account already is mailed a code and sees the same page as somebody new. */
export async function signUp(req, res) {
  const { email, password, first_name: firstName, last_name: lastName } = req.body;
  const made = await userManagement.createUser({ email, password, firstName, lastName }).catch((error) => {
    if (!error.errors?.some(({ code }) => code === 'email_not_available')) throw error;
  });
  return made ? withPassword(req, res) : mailCode(req, res);
}

// docs: provider
/** A provider's own page. What comes back is tied to this browser by `state` and the code verifier. */
export async function startProvider(res, provider) {
  const options = { provider, redirectUri, clientId };
  const { url, state, codeVerifier } = await userManagement.getAuthorizationUrlWithPKCE(options);
  res.cookie('provider', { state, codeVerifier }, signed);
  res.redirect(url);
}

export async function finishProvider(req, res) {
  const { state, codeVerifier } = req.signedCookies.provider ?? {};
  const refuse = () => res.redirect('/login?note=refused');
  res.clearCookie('provider', cookieOptions);
  if (!state || state !== req.query.state || !req.query.code) return refuse();
  const answer = userManagement.authenticateWithCode({ ...from(req), code: req.query.code, codeVerifier });
  // A code that was used before, or is too old, is no failure of ours.
  return climb(res, req, answer).catch((error) => (error instanceof OauthException ? refuse() : Promise.reject(error)));
}
// docs: end

/** The mail leads to our own page once it is entered in the dashboard. The answer is the same for every address. */
export const askForReset = (email) =>
  userManagement.createPasswordReset({ email }).catch((error) => {
    if (!(error instanceof NotFoundException)) throw error;
  });

// docs: climb
/** Into the app when the answer is a session; to the form of the next step when it is an error that can be answered. */
async function climb(res, req, answer) {
  try {
    const { sealedSession } = await answer;
    keep(res, sealedSession).clearCookie('step', cookieOptions).clearCookie('return-to', cookieOptions);
    res.redirect(303, req.signedCookies['return-to'] ?? '/');
  } catch (error) {
    if (!(error instanceof AuthenticationException && answers[error.code])) throw error;
    ask(res, await stepFrom(error));
  }
}
// docs: end

async function stepFrom({ code, pendingAuthenticationToken: token, rawData }) {
  if (code === 'mfa_enrollment') {
    const { id: userId, email: totpUser } = rawData.user;
    const made = await multiFactorAuth.createUserAuthFactor({ userId, type: 'totp', totpIssuer: 'Headless', totpUser });
    const { secret, uri } = made.authenticationFactor.totp;
    return { code, token, secret, uri, challengeId: made.authenticationChallenge.id };
  }
  if (code === 'mfa_challenge') {
    const [{ id }] = rawData.authentication_factors;
    const challenge = await multiFactorAuth.challengeFactor({ authenticationFactorId: id });
    return { code, token, challengeId: challenge.id };
  }
  return { code, token, email: rawData.email, organizations: rawData.organizations };
}

function ask(res, step) {
  const id = randomUUID();
  steps.set(id, step);
  setTimeout(() => steps.delete(id), signed.maxAge).unref();
  res.cookie('step', id, signed).redirect(303, '/login/step');
}
