import { z } from 'zod';
import {
  apiKey,
  EntityNotFound,
  listOf,
  operator,
  pageOf,
  pageQuery,
  type Route,
  reply,
  route,
  type Services,
  type Tenant,
  toList,
} from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { getUser } from '../users/index.ts';
import { assertMayAnswer, challengeFactor, getFactor, type Verification, verifyChallenge } from './challenge.ts';
import { type Enrolment, enrollGenericOtp, enrollTotp } from './enroll.ts';
import {
  AuthenticationChallengeExpired,
  AuthenticationChallengePreviouslyVerified,
  OneTimeCodeTooManyAttempts,
  SmsNotAvailable,
} from './errors.ts';
import { qrCodeImage } from './qr-code.ts';
import { removeFactor, resetFactors } from './remove.ts';
import {
  AuthenticationChallenge,
  AuthenticationFactor,
  AuthenticationFactorEnrolled,
  type FactorRow,
  toChallenge,
  toFactor,
} from './schema.ts';
import { findFactor, selectFactorsOfUser } from './store.ts';

const userId = z.object({ id: z.string().describe('The id of the user.') });
const factorId = z.object({ id: z.string().describe('`auth_factor_…`') });

/** In characters: what fits an authenticator app's list, and a QR code that phones still read. */
const name = z.string().trim().max(128).nullish();

const totpFields = {
  totp_issuer: name.describe('As the authenticator app shows it; the application’s name when not given.'),
  totp_user: name.describe(
    'The account, as the app shows it; the user’s e-mail address when not given, or the issuer where there is no user.',
  ),
};

/** Whose name the authenticator app shows. */
async function issuerOf(
  services: Pick<Services, 'db'>,
  tenant: Tenant,
  body: { readonly totp_issuer?: string | null | undefined },
): Promise<string> {
  return body.totp_issuer || (await getEnvironment(services, tenant.environmentId)).client.applicationName;
}

const toEnrolled = ({ factor, secret, uri }: Enrolment): z.input<typeof AuthenticationFactorEnrolled> => ({
  ...toFactor(factor),
  totp: {
    issuer: factor.issuer ?? '',
    user: factor.account ?? '',
    secret: secret.reveal(),
    qr_code: qrCodeImage(uri),
    uri,
  },
});

const toEnrolledWithoutApp = (factor: FactorRow): z.input<typeof AuthenticationFactorEnrolled> => {
  const { totp: _, ...wire } = toFactor(factor);
  return wire;
};

const enrollUser = route(
  {
    operationId: 'enrollUserAuthFactor',
    method: 'POST',
    path: '/user_management/users/{id}/auth_factors',
    summary: 'Enroll a user in a second factor',
    description:
      'The factor counts once its challenge was answered. One with a `totp_secret` counts at once: the user’s app has it already, from where you came from.',
    auth: apiKey('users:write'),
    params: userId,
    body: z.object({
      type: z.literal('totp'),
      ...totpFields,
      totp_secret: z
        .string()
        .max(200)
        .nullish()
        .describe('A seed to bring along, base32: SHA-1, six digits, 30 seconds. Drawn when not given.'),
    }),
    returns: {
      status: 201,
      body: z.object({
        authentication_factor: AuthenticationFactorEnrolled,
        authentication_challenge: AuthenticationChallenge,
      }),
    },
    errors: [EntityNotFound],
  },
  async ({ tenant, params, body }, services) => {
    const issuer = await issuerOf(services, tenant, body);
    const wanted = { userId: params.id, issuer, account: body.totp_user, seed: body.totp_secret };
    return services.db.transaction(async (tx) => {
      const enrolment = await enrollTotp(services, tenant, tx, wanted);
      const { challenge } = await challengeFactor(services, tenant, tx, enrolment.factor);
      return { authentication_factor: toEnrolled(enrolment), authentication_challenge: toChallenge(challenge) };
    });
  },
);

const listOfUser = route(
  {
    operationId: 'listUserAuthFactors',
    method: 'GET',
    path: '/user_management/users/{id}/auth_factors',
    summary: 'List the authenticator apps of a user',
    description: 'Also those that were begun; what nobody finishes within a day is gone.',
    auth: apiKey('users:read'),
    params: userId,
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(AuthenticationFactor) },
    errors: [EntityNotFound],
  },
  async ({ tenant, params, query }, { db }) => {
    await getUser(db, tenant, params.id);
    const find = async (id: string) => {
      const factor = await findFactor(db, tenant, id);
      return factor?.userId === params.id ? factor : null;
    };
    const page = await pageOf(query, find, (where, order, limit) =>
      selectFactorsOfUser(db, tenant, params.id, where, order, limit),
    );
    return toList(page, toFactor);
  },
);

const enroll = route(
  {
    operationId: 'enrollAuthFactor',
    method: 'POST',
    path: '/auth/factors/enroll',
    summary: 'Enroll a factor, for a user of ours or of yours',
    description:
      '`totp`: an authenticator app. `generic_otp`: each challenge has a code that you bring to the person. `sms` is not offered.',
    auth: apiKey('auth_factors:write'),
    body: z.object({
      type: z.enum(['generic_otp', 'sms', 'totp']),
      phone_number: z.string().nullish().describe('For `sms`.'),
      ...totpFields,
      user_id: z.string().nullish().describe('One of our users; your own need not be known here.'),
    }),
    returns: { status: 201, body: AuthenticationFactorEnrolled },
    errors: [EntityNotFound, SmsNotAvailable],
  },
  async ({ tenant, body }, services) => {
    if (body.type === 'sms') throw new SmsNotAvailable();
    const userId = body.user_id ?? null;
    const issuer = await issuerOf(services, tenant, body);
    return services.db.transaction(async (tx) =>
      body.type === 'generic_otp'
        ? toEnrolledWithoutApp(await enrollGenericOtp(services, tenant, tx, userId))
        : toEnrolled(await enrollTotp(services, tenant, tx, { userId, issuer, account: body.totp_user })),
    );
  },
);

const get = route(
  {
    operationId: 'getAuthFactor',
    method: 'GET',
    path: '/auth/factors/{id}',
    summary: 'Get a factor',
    auth: apiKey('auth_factors:read'),
    params: factorId,
    returns: { status: 200, body: AuthenticationFactor },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) => toFactor(await getFactor(db, tenant, params.id)),
);

const remove = route(
  {
    operationId: 'deleteAuthFactor',
    method: 'DELETE',
    path: '/auth/factors/{id}',
    summary: 'Delete a factor',
    description: 'With the last one that counted, the user’s recovery codes go as well. The user is told by mail.',
    auth: apiKey('auth_factors:write'),
    needsFreshOperator: true,
    params: factorId,
    returns: { status: 200, description: 'Deleted. The body is empty.' },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await services.db.transaction((tx) => removeFactor(services, tenant, tx, params.id));
    return reply.empty();
  },
);

const challenge = route(
  {
    operationId: 'challengeAuthFactor',
    method: 'POST',
    path: '/auth/factors/{id}/challenge',
    summary: 'Put a challenge to a factor',
    description: 'Ten minutes, five tries, one right answer.',
    auth: apiKey('auth_factors:write'),
    params: factorId,
    body: z.object({ sms_template: z.string().nullish().describe('Not used: this server sends no SMS.') }),
    returns: { status: 201, body: AuthenticationChallenge },
    errors: [EntityNotFound],
  },
  ({ tenant, params }, services) =>
    services.db.transaction(async (tx) => {
      const factor = await getFactor(tx, tenant, params.id);
      const made = await challengeFactor(services, tenant, tx, factor);
      return { ...toChallenge(made.challenge), ...(made.code && { code: made.code.reveal() }) };
    }),
);

const verify = route(
  {
    operationId: 'verifyAuthChallenge',
    method: 'POST',
    path: '/auth/challenges/{id}/verify',
    summary: 'Answer a challenge',
    description: 'A wrong code is an answer too: 201 with `valid: false`.',
    auth: apiKey('auth_factors:write'),
    params: z.object({ id: z.string().describe('`auth_challenge_…`') }),
    body: z.object({ code: z.string().min(1).max(64).describe('Six digits.') }),
    returns: { status: 201, body: z.object({ challenge: AuthenticationChallenge, valid: z.boolean() }) },
    errors: [
      EntityNotFound,
      OneTimeCodeTooManyAttempts,
      AuthenticationChallengePreviouslyVerified,
      AuthenticationChallengeExpired,
    ],
  },
  async ({ tenant, params, body }, services) => {
    await assertMayAnswer(services, tenant, params.id);
    const presented = { code: body.code, ipAddress: null, userAgent: null };
    const verification = await services.db.transaction((tx) =>
      verifyChallenge(services, tenant, tx, params.id, presented, null),
    );
    return toAnswer(verification, params.id);
  },
);

function toAnswer(verification: Verification, id: string) {
  switch (verification.outcome) {
    case 'verified':
      return { challenge: toChallenge(verification.challenge), valid: true };
    case 'wrong':
    case 'used':
      return { challenge: toChallenge(verification.challenge), valid: false };
    case 'exhausted':
      throw new OneTimeCodeTooManyAttempts();
    case 'verified_before':
      throw new AuthenticationChallengePreviouslyVerified(id);
    case 'expired':
      throw new AuthenticationChallengeExpired(id);
    case 'unknown':
      throw new EntityNotFound('Authentication challenge', id);
  }
}

const reset = route(
  {
    operationId: 'resetUserAuthFactors',
    method: 'POST',
    path: '/dashboard/api/users/{id}/auth_factors/reset',
    summary: 'Reset the second factors of a user who lost their device',
    description:
      'Removes every factor and recovery code and ends all sessions. The user is told by mail. Make sure first that it is they who ask.',
    auth: operator('users:write'),
    needsFreshOperator: true,
    params: userId,
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    await services.db.transaction((tx) => resetFactors(services, tenant, tx, params.id));
    return reply.empty({ status: 204 });
  },
);

export const mfaRoutes: readonly Route[] = [enrollUser, listOfUser, enroll, get, remove, challenge, verify, reset];
