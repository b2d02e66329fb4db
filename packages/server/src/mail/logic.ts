import { z } from 'zod';
import { lookFor } from '../branding/index.ts';
import { type Db, type Job, newId, type Services, type Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { negotiate } from '../texts/index.ts';
import type { MailTransport } from './transport.ts';
import { type Letter, letter, writeMail } from './write-mail.ts';

export type { Letter };

const mailJobKind = 'mail.deliver';

/** What waits in the outbox; jobs are sealed, so a code in it is not readable in the database. */
const queued = z.object({
  id: z.string(),
  environmentId: z.string(),
  to: z.string(),
  queuedAt: z.iso.datetime(),
  sequence: z.number(),
  notAfter: z.iso.datetime().nullable(),
  locale: z.string().nullable().default(null),
  letter,
});

/** No list, no name, no quoting: whatever could smuggle a second recipient in is refused. */
const oneAddress = /^[^\s,;:<>()"\\@]+@[^\s,;:<>()"\\@]+$/;

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
function nextSequence(): number {
  newestSequence = Math.max(newestSequence + 1, Date.now() * 1000);
  return newestSequence;
}

/** Writes and sends what `queueMail` put away. It throws when the transport does, and the job is tried again. */
function mailJobHandler(
  services: Pick<Services, 'db' | 'now' | 'config' | 'log'>,
  transport: MailTransport,
): (job: Pick<Job, 'payload'>) => Promise<void> {
  return async ({ payload }) => {
    const mail = queued.parse(payload);
    if (mail.notAfter && services.now() > new Date(mail.notAfter)) {
      services.log.warn(
        { mail: mail.id, template: mail.letter.template },
        'A mail was dropped: it could not be delivered in time',
      );
      return;
    }
    const { client, settings } = await getEnvironment(services, mail.environmentId);
    const look = await lookFor(services, mail.environmentId);
    const { hostname } = new URL(services.config.publicUrl);
    const written = writeMail(mail.letter, {
      app: client.applicationName,
      host: hostname,
      publicUrl: services.config.publicUrl,
      look,
      t: look.translator(negotiate(mail.locale, settings.defaultLocale)),
    });
    const { id, to, sequence } = mail;
    await transport({ id, to, sequence, queuedAt: new Date(mail.queuedAt), ...written });
  };
}

export function registerMail(services: Services, transport: MailTransport): void {
  services.jobs.handle(mailJobKind, mailJobHandler(services, transport));
}
