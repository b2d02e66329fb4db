import { type Db, type Hash, json, sql, type Tenant } from '../core/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import type { Impersonator, Proven } from '../sessions/index.ts';

export interface CodeRow {
  readonly codeHash: Hash;
  readonly environmentId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly userId: string;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  readonly proven: Proven;
  readonly impersonator: Impersonator | null;
  /** It is exchanged for what this attempt is missing, not for tokens. */
  readonly attemptId: string | null;
  readonly codeChallenge: string | null;
  /** It goes to an address that strangers could share, so a verifier alone does not redeem it. */
  readonly hasSecretRequired: boolean;
  /** Of the browser that asked for it. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly authenticatedAt: Date;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  /** Which client authentication and verifier redeemed it: an identical repeat is told from a thief's. */
  readonly redeemedByHash: string | null;
  readonly sessionId: string | null;
  readonly createdAt: Date;
}

export async function insertCode(db: Db, code: CodeRow): Promise<void> {
  await db.run(sql`
    insert into authorization_codes (code_hash, environment_id, client_id, redirect_uri, user_id, browser_session_id,
      organization_id, authentication_method, proven_json, impersonator_json, attempt_id, code_challenge, has_secret_required, ip_address,
      user_agent, authenticated_at, expires_at, created_at)
    values (${code.codeHash}, ${code.environmentId}, ${code.clientId}, ${code.redirectUri}, ${code.userId},
      ${code.browserSessionId}, ${code.organizationId}, ${code.authenticationMethod}, ${json(code.proven)},
      ${code.impersonator && json(code.impersonator)}, ${code.attemptId}, ${code.codeChallenge}, ${code.hasSecretRequired}, ${code.ipAddress}, ${code.userAgent}, ${code.authenticatedAt}, ${code.expiresAt}, ${code.createdAt})`);
}

export function findCode(db: Db, tenant: Tenant, codeHash: Hash): Promise<CodeRow | null> {
  return db.maybeOne(sql<CodeRow>`
    select * from authorization_codes
    where environment_id = ${tenant.environmentId} and code_hash = ${codeHash}`);
}

/** The code, marked as spent. Null when it does not exist here or somebody spent it first. */
export function spendCode(
  db: Db,
  tenant: Tenant,
  codeHash: Hash,
  redeemedByHash: string,
  at: Date,
): Promise<CodeRow | null> {
  return db.maybeOne(sql<CodeRow>`
    update authorization_codes set redeemed_at = ${at}, redeemed_by_hash = ${redeemedByHash}
    where environment_id = ${tenant.environmentId} and code_hash = ${codeHash} and redeemed_at is null
    returning *`);
}

export async function noteSession(db: Db, tenant: Tenant, codeHash: Hash, sessionId: string): Promise<void> {
  await db.run(sql`
    update authorization_codes set session_id = ${sessionId}
    where environment_id = ${tenant.environmentId} and code_hash = ${codeHash}`);
}

/** Spent and expired codes are kept for a day, so that a late replay is still recognised. */
export async function purgeCodes(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from authorization_codes where expires_at < ${before}`);
}
