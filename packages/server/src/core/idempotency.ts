import { setTimeout as sleep } from 'node:timers/promises';
import { after, hours, minutes, seconds } from './clock.ts';
import { IdempotencyInProgress, IdempotencyMismatch } from './errors.ts';
import { sha256 } from './secrets.ts';
import type { Services } from './services.ts';
import { sql } from './sql/index.ts';

const keepMs = hours(24);
/**
 * What a caller got that had proved nothing before, tokens for one, is kept no longer than its own retries take. Beyond
 * that a repeat is a replay, and single use and theft detection must see it.
 */
const keepAnonymousMs = minutes(2);
/** A first request that has not answered by then died with its process; the next one takes over. */
const abandonedMs = seconds(60);
const waitMs = 10_000;
const pollMs = 50;

/** An answer as it was sent, so that a repeat gets the same bytes. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Bytes where it is not text, which no repeatable request answers with. */
  readonly body: string | Uint8Array | null;
}

export interface IdempotentRequest {
  /** API key id or client id: keys of different callers never meet. */
  readonly scope: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  /** The caller proved who it is before the request was looked at. */
  readonly isAuthenticated: boolean;
  /** Everything that makes two requests the same request. */
  readonly fingerprint: string;
}

interface Row {
  readonly requestHash: string;
  readonly sealedAnswer: string | null;
  readonly createdAt: Date;
}

/**
 * Runs a request once per Idempotency-Key and answers repeats from what was stored. Answers of 429 and 5xx are not
 * kept: those the caller is meant to try again. Nor are refusals of callers that proved nothing: anybody could fill the
 * table with them.
 *
 * @throws {IdempotencyMismatch} when the key came with another request before
 * @throws {IdempotencyInProgress} when the first request is still running after 10 s
 */
export async function once(
  services: Pick<Services, 'db' | 'now' | 'vault'>,
  request: IdempotentRequest,
  perform: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { db, vault } = services;
  const id = sha256([request.scope, request.method, request.path, request.key].join('\n'));
  const requestHash = vault.mac('idempotency', request.fingerprint).toString('base64url');
  const claimed = await claim(services, id, requestHash, request.isAuthenticated ? keepMs : keepAnonymousMs);
  if ('answer' in claimed) return claimed.answer;
  // Only while it is ours: a request that took longer than anybody waits for has been taken over.
  const ours = sql`where id = ${id} and created_at = ${claimed.at} and sealed_answer is null`;
  const forget = () => db.run(sql`delete from idempotency_keys ${ours}`).catch(() => {});
  let answer: StoredAnswer;
  try {
    answer = await perform();
  } catch (error) {
    await forget();
    throw error;
  }
  const isRefusal = answer.status >= 400;
  if (answer.status === 429 || answer.status >= 500 || (isRefusal && !request.isAuthenticated)) {
    await forget();
    return answer;
  }
  const sealed = vault.seal(JSON.stringify(answer), placeOf(id));
  // What was done is done: the caller gets its answer even when it cannot be kept for a repeat.
  await db.run(sql`update idempotency_keys set sealed_answer = ${sealed} ${ours}`).catch(() => {});
  return answer;
}

const placeOf = (id: string): string => `idempotency_keys/${id}`;

/** @returns the stored answer, or since when this caller is the one to perform the request */
async function claim(
  { db, now, vault }: Pick<Services, 'db' | 'now' | 'vault'>,
  id: string,
  requestHash: string,
  lifetimeMs: number,
): Promise<{ readonly answer: StoredAnswer } | { readonly at: Date }> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const at = now();
    const claimed = await db.run(sql`
      insert into idempotency_keys (id, request_hash, created_at, expires_at)
      values (${id}, ${requestHash}, ${at}, ${after(at, lifetimeMs)})
      on conflict (id) do update set request_hash = excluded.request_hash, created_at = excluded.created_at,
        expires_at = excluded.expires_at, sealed_answer = null
      where idempotency_keys.expires_at <= ${at}
        or (idempotency_keys.sealed_answer is null and idempotency_keys.created_at <= ${after(at, -abandonedMs)})`);
    if (claimed > 0) return { at };
    const row = await db.maybeOne(
      sql<Row>`select request_hash, sealed_answer, created_at from idempotency_keys where id = ${id}`,
    );
    if (!row) continue;
    if (row.requestHash !== requestHash) {
      throw new IdempotencyMismatch(
        'This Idempotency-Key was used with another request. Use a new key for a new request.',
      );
    }
    if (row.sealedAnswer) return { answer: JSON.parse(vault.open(row.sealedAnswer, placeOf(id))) as StoredAnswer };
    if (performance.now() > deadline) {
      throw new IdempotencyInProgress(
        'The first request with this Idempotency-Key is still running. Try again shortly.',
      );
    }
    await sleep(pollMs);
  }
}

export async function purgeIdempotencyKeys({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from idempotency_keys where expires_at <= ${now()}`);
}
