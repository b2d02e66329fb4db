import { after, type Db, minutes, newId, newSecret, type Secret, type Services } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { type Attempt, nothingLearned } from './attempt.ts';
import type { SignInRequest } from './request.ts';
import { insertAttempt } from './store.ts';

/** How long somebody may take from the first step to the last (also of a pending authentication token). */
const lifetimeMs = minutes(10);

/** What is known when an attempt begins. */
export type Beginning = Partial<
  Pick<Attempt, 'email' | 'userId' | 'proven' | 'signUp' | 'organizationId' | 'answers' | 'impersonator'>
>;

/** Begins a sign-in. @returns it, and the secret that whoever goes on with it must hold */
export async function beginAttempt(
  { now }: Pick<Services, 'now'>,
  db: Db,
  client: Client,
  request: SignInRequest,
  known: Beginning = {},
): Promise<{ attempt: Attempt; secret: Secret }> {
  const at = now();
  const secret = newSecret();
  const attempt: Attempt = {
    ...nothingLearned,
    ...known,
    id: newId('attempt', at),
    environmentId: client.environment.id,
    clientId: client.clientId,
    request,
    version: 0,
    finishedAt: null,
    expiresAt: after(at, lifetimeMs),
    createdAt: at,
  };
  await insertAttempt(db, { ...attempt, secretHash: secret.hash() });
  return { attempt, secret };
}
