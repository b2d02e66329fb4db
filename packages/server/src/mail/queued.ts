import { z } from 'zod';
import { letter } from './write-mail.ts';

/** What waits in the outbox; jobs are sealed, so a code in it is not readable in the database. */
export const queued = z.object({
  id: z.string(),
  environmentId: z.string(),
  to: z.string(),
  queuedAt: z.iso.datetime(),
  sequence: z.number(),
  notAfter: z.iso.datetime().nullable(),
  locale: z.string().nullable().default(null),
  letter,
});

export type QueuedMail = z.output<typeof queued>;
