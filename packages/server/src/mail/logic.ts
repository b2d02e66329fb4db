import type { z } from 'zod';
import { type Db, newId, type Services, type Tenant } from '../core/index.ts';
import { mailJobHandler } from './deliver.ts';
import { oneAddress } from './one-address.ts';
import type { queued } from './queued.ts';
import type { MailTransport } from './transport.ts';
import type { Letter } from './write-mail.ts';

export type { Letter };

const mailJobKind = 'mail.deliver';

/**
 * Puts a mail into the outbox, in the transaction of the change that causes it: no mail without the change, no change
 * without the mail. The environment's application signs it, by the name it has when the mail is written.
 *
 * @param mail.to - the stored address of the one person it is for
 * @param mail.locale - of the page that causes it, else the person's own; null or none: the environment's
 * @param mail.notAfter - a mail that could not be delivered by then is dropped: an expired code helps nobody
 */
export async function queueMail(
  { jobs, now }: Pick<Services, 'jobs' | 'now'>,
  tx: Db,
  tenant: Tenant,
  {
    to,
    notAfter,
    locale,
    ...content
  }: { readonly to: string; readonly notAfter?: Date; readonly locale?: string | null } & Letter,
): Promise<void> {
  if (!oneAddress.test(to)) throw new Error('A mail goes to exactly one bare address.');
  const at = now();
  await jobs.enqueue(tx, mailJobKind, {
    id: newId('mail', at),
    environmentId: tenant.environmentId,
    to,
    queuedAt: at.toISOString(),
    sequence: nextSequence(),
    notAfter: notAfter?.toISOString() ?? null,
    locale: locale ?? null,
    letter: content,
  } satisfies z.input<typeof queued>);
}

let newestSequence = 0;

/** Microseconds of real time, each value once: a clock that was moved back and mails of one millisecond keep their order. */
export function nextSequence(): number {
  newestSequence = Math.max(newestSequence + 1, Date.now() * 1000);
  return newestSequence;
}

/** @param transport - the server's own way to send, for environments without a provider of theirs */
export function registerMail(services: Services, transport: MailTransport): void {
  services.jobs.handle(mailJobKind, mailJobHandler(services, transport));
}
