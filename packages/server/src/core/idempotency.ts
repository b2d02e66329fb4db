import { setTimeout as sleep } from 'node:timers/promises';
import { after, hours, seconds } from './clock.ts';
import { IdempotencyInProgress, IdempotencyMismatch } from './errors.ts';
import { sha256 } from './secrets.ts';
import type { Services } from './services.ts';
import { sql } from './sql/index.ts';

const keepMs = hours(24);
/** A first request that has not answered by then died with its process; the next one takes over. */
const abandonedMs = seconds(60);
const waitMs = 10_000;
const pollMs = 50;

/** An answer as it was sent, so that a repeat gets the same bytes. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | null;
}

export interface IdempotentRequest {
  /** API key id or client id: keys of different callers never meet. */
  readonly scope: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
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
 * kept: those the caller is meant to try again.
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
  const earlier = await claim(services, id, requestHash);
  if (earlier) return earlier;
  let answer: StoredAnswer | null = null;
  try {
    answer = await perform();
    return answer;
  } finally {
    const keep = answer && answer.status !== 429 && answer.status < 500;
    await (keep
      ? db.run(
          sql`update idempotency_keys set sealed_answer = ${vault.seal(JSON.stringify(answer), `idempotency_keys/${id}`)} where id = ${id}`,
        )
      : db.run(sql`delete from idempotency_keys where id = ${id} and sealed_answer is null`));
  }
}

/** @returns the stored answer, or null when this caller is the one to perform the request */
async function claim(
  { db, now, vault }: Pick<Services, 'db' | 'now' | 'vault'>,
  id: string,
  requestHash: string,
): Promise<StoredAnswer | null> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const at = now();
    const claimed = await db.run(sql`
      insert into idempotency_keys (id, request_hash, created_at, expires_at)
      values (${id}, ${requestHash}, ${at}, ${after(at, keepMs)})
      on conflict (id) do update set request_hash = excluded.request_hash, created_at = excluded.created_at,
        expires_at = excluded.expires_at, sealed_answer = null
      where idempotency_keys.expires_at <= ${at}
        or (idempotency_keys.sealed_answer is null and idempotency_keys.created_at <= ${after(at, -abandonedMs)})`);
    if (claimed > 0) return null;
    const row = await db.maybeOne(
      sql<Row>`select request_hash, sealed_answer, created_at from idempotency_keys where id = ${id}`,
    );
    if (!row) continue;
    if (row.requestHash !== requestHash) {
      throw new IdempotencyMismatch(
        'This Idempotency-Key was used with another request. Use a new key for a new request.',
      );
    }
    if (row.sealedAnswer) return JSON.parse(vault.open(row.sealedAnswer, `idempotency_keys/${id}`)) as StoredAnswer;
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
