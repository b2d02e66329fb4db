import { randomFillSync } from 'node:crypto';
import { decodeTime, monotonicFactory, ulid } from 'ulid';

/** Every kind of object that has an id, and the prefix applications pattern-match on. */
const prefixes = {
  environment: 'environment_',
  application: 'app_',
  redirectUri: 'redir_',
  signOutRedirect: 'sign_out_redir_',
  corsOrigin: 'cors_origin_',
  event: 'event_',
  signingKey: 'sso_oidc_key_pair_',
  apiKey: 'key_',
  user: 'user_',
  earlierPassword: 'earlier_password_',
  session: 'session_',
  browserSession: 'browser_session_',
  emailVerification: 'email_verification_',
  magicAuth: 'magic_auth_',
  passwordReset: 'password_reset_',
  emailChange: 'email_change_',
  organization: 'org_',
  organizationDomain: 'org_domain_',
  organizationMembership: 'om_',
  invitation: 'invitation_',
  waitlistUser: 'wl_user_',
  authFactor: 'auth_factor_',
  authChallenge: 'auth_challenge_',
  passkey: 'passkey_',
  identity: 'identity_',
  connection: 'conn_',
  ssoProfile: 'prof_',
  deviceAuthorization: 'device_authorization_',
  impersonation: 'impersonation_',
  attempt: 'attempt_',
  mail: 'mail_',
  suppressedAddress: 'suppressed_address_',
  customDomain: 'custom_domain_',
  job: 'job_',
  request: 'req_',
  snapshot: 'snapshot_',
} as const;

type IdKind = keyof typeof prefixes;

/**
 * A new id: `<prefix><ULID>`. Ids are public names, never secrets.
 *
 * The random part is fresh each time, so two ids of one millisecond are in no order: lists order by `created_at, id`.
 */
export function newId(kind: IdKind, at: Date): string {
  return prefixes[kind] + ulid(at.getTime(), randomFraction);
}

/**
 * The same, and later than every one that this process made before, whatever the clock says: for what is read in the order
 * it was written in.
 */
export const newIdInOrder = (kind: IdKind, at: Date): string => prefixes[kind] + inOrder(at.getTime());

/** When an id of ours was made. @throws {Error} for one that is not */
export const timeOfId = (id: string): Date => new Date(decodeTime(id.slice(id.lastIndexOf('_') + 1)));

/** Random bytes are drawn a few thousand at a time: one by one, sixteen letters cost more than the rest of a request. */
const pool = Buffer.alloc(4096);
let drawn = pool.length;

/** From 0 up to 1, in steps of 1/256: each of the 32 letters is as likely as the others. */
function randomFraction(): number {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return (pool[drawn++] ?? 0) / 256;
}

const inOrder = monotonicFactory(randomFraction);

/** A bare ULID, as `jti` wants it. */
export const bareUlid = (at: Date): string => ulid(at.getTime(), randomFraction);
