import { type Db, type Hash, json, sql, type Tenant } from '../core/index.ts';
import type { Attempt } from './attempt.ts';

export interface AttemptRow extends Attempt {
  readonly secretHash: Hash;
}

export async function insertAttempt(db: Db, attempt: AttemptRow): Promise<void> {
  await db.run(sql`
    insert into sign_in_attempts (id, environment_id, client_id, secret_hash, request_json, email, user_id, proven_json,
      sign_up_json, organization_id, answers_json, impersonator_json, code_sent_at, version, finished_at, expires_at,
      created_at)
    values (${attempt.id}, ${attempt.environmentId}, ${attempt.clientId}, ${attempt.secretHash}, ${json(attempt.request)},
      ${attempt.email}, ${attempt.userId}, ${json(attempt.proven)}, ${attempt.signUp && json(attempt.signUp)},
      ${attempt.organizationId}, ${json(attempt.answers)}, ${attempt.impersonator && json(attempt.impersonator)},
      ${attempt.codeSentAt}, ${attempt.version}, ${attempt.finishedAt}, ${attempt.expiresAt}, ${attempt.createdAt})`);
}

/**
 * An attempt by its public id. Which environment it belongs to follows from it, not from the request; what proves that
 * this browser may use it is the secret, which the caller compares.
 */
export function findAttempt(db: Db, id: string): Promise<AttemptRow | null> {
  return db.maybeOne(sql<AttemptRow>`select * from sign_in_attempts where id = ${id}`);
}

/** Whose an attempt is, for what is counted before anything proves that this browser may use it. */
export async function findEnvironmentOfAttempt(db: Db, id: string): Promise<string | null> {
  const row = await db.maybeOne(sql<{ environmentId: string }>`
    select environment_id from sign_in_attempts where id = ${id}`);
  return row?.environmentId ?? null;
}

/** An attempt of the API by its pending authentication token. */
export function findPendingAttempt(db: Db, tenant: Tenant, secretHash: Hash): Promise<AttemptRow | null> {
  return db.maybeOne(sql<AttemptRow>`
    select * from sign_in_attempts where environment_id = ${tenant.environmentId} and secret_hash = ${secretHash}`);
}

/**
 * Gives an attempt to whoever holds this new secret, and to nobody else any more: a pending authentication token works
 * for one step. @returns false when another request was first
 */
export async function rotateSecret(
  db: Db,
  tenant: Tenant,
  attempt: Pick<Attempt, 'id' | 'version' | 'request'>,
  secretHash: Hash,
): Promise<boolean> {
  const changed = await db.run(sql`
    update sign_in_attempts set secret_hash = ${secretHash}, request_json = ${json(attempt.request)},
      version = version + 1
    where environment_id = ${tenant.environmentId} and id = ${attempt.id} and version = ${attempt.version}
      and finished_at is null`);
  return changed > 0;
}

/**
 * Writes what a step learned, if the attempt still stands where the step found it. @returns false when another request
 * was first: it then answers for both
 */
export async function saveAttempt(db: Db, attempt: Attempt): Promise<boolean> {
  const changed = await db.run(sql`
    update sign_in_attempts set email = ${attempt.email}, user_id = ${attempt.userId},
      request_json = ${json(attempt.request)}, proven_json = ${json(attempt.proven)}, sign_up_json = ${attempt.signUp && json(attempt.signUp)},
      organization_id = ${attempt.organizationId}, answers_json = ${json(attempt.answers)},
      code_sent_at = ${attempt.codeSentAt}, version = version + 1
    where id = ${attempt.id} and version = ${attempt.version} and finished_at is null`);
  return changed > 0;
}

/** Writes down what the browser said of itself, beside whatever step it takes: no step decides on it. */
export async function saveAnswers(db: Db, { id, version, answers }: Attempt): Promise<void> {
  await db.run(sql`
    update sign_in_attempts set answers_json = ${json(answers)}
    where id = ${id} and version = ${version} and finished_at is null`);
}

/** Finishes an attempt, once. @returns false when it was finished before */
export async function finishAttempt(db: Db, attempt: Attempt, at: Date): Promise<boolean> {
  const changed = await db.run(sql`
    update sign_in_attempts set proven_json = ${json(attempt.proven)}, user_id = ${attempt.userId}, sign_up_json = null,
      finished_at = ${at}, version = version + 1
    where id = ${attempt.id} and version = ${attempt.version} and finished_at is null`);
  return changed > 0;
}

/**
 * Forgets what every open attempt of a user has proved: whoever knew the password they had before may be somebody else.
 * Attempts that a form is answering just now fail their next write.
 */
export async function forgetProofs(db: Db, tenant: Tenant, userId: string): Promise<void> {
  await db.run(sql`
    update sign_in_attempts set user_id = null, proven_json = ${json({})}, sign_up_json = null, code_sent_at = null,
      organization_id = null, answers_json = ${json({})}, version = version + 1
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and finished_at is null`);
}

/** The same of those that were proved with a passkey: one that was taken away must not finish what it began. */
export async function forgetPasskeyProofs(db: Db, tenant: Tenant, userId: string): Promise<void> {
  await db.run(sql`
    update sign_in_attempts set user_id = null, proven_json = ${json({})}, sign_up_json = null, code_sent_at = null,
      organization_id = null, answers_json = ${json({})}, version = version + 1
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and finished_at is null
      and (proven_json like ${'%"passkey":%'} or proven_json like ${'%"secondPasskey":%'})`);
}

/** The same of those that rest on a sign-on by a connection, whoever's they are. */
export async function forgetSignOns(db: Db, tenant: Tenant, connectionId: string): Promise<void> {
  await db.run(sql`
    update sign_in_attempts set user_id = null, proven_json = ${json({})}, sign_up_json = null, code_sent_at = null,
      organization_id = null, answers_json = ${json({})}, version = version + 1
    where environment_id = ${tenant.environmentId} and finished_at is null
      and proven_json like ${`%"connectionId":"${connectionId}"%`}`);
}

export async function purgeAttempts(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sign_in_attempts where expires_at < ${before}`);
}
