import { z } from 'zod';
import type { Database, Services } from '../core/index.ts';
import { deleteMessages, findMessage, insertMessage, type MessageRow, selectMessages } from './store.ts';
import type { MailTransport } from './transport.ts';

/** Older messages make room for newer ones. */
export const mailboxSize = 1000;

/** Never leaves this machine, so it may be an address nobody has. */
const sender = 'no-reply@localhost';

/** A name as RFC 5322 section 3.4 writes it: in quotes where it has marks that mean something there. */
const named = (name: string): string => (/[()<>[\]:;@\\,."]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name);

const content = z.object({ to: z.string(), from: z.string(), subject: z.string(), text: z.string(), html: z.string() });

export interface MailboxMessage extends z.infer<typeof content> {
  readonly id: string;
  readonly createdAt: Date;
}

/** The development server's stand-in for a mail server: mails stay here, for tests and people to read. */
export function mailboxTransport({ db, vault }: Pick<Services, 'db' | 'vault'>): MailTransport {
  return async ({ id, to, app, subject, text, html, queuedAt, sequence }) => {
    const from = `${named(app)} <${sender}>`;
    const message = { to, from, subject, text, html } satisfies z.input<typeof content>;
    const sealedContent = vault.seal(JSON.stringify(message), placeOf(id));
    const row = { id, recipient: to.toLowerCase(), sealedContent, sequence, createdAt: queuedAt };
    await db.transaction((tx) => insertMessage(tx, row, mailboxSize));
  };
}

/** Newest first. @param to - only mails to this address, however it is cased */
export async function listMailbox(
  { db, vault }: Pick<Services, 'db' | 'vault'>,
  { to, limit }: { readonly to?: string | undefined; readonly limit: number },
): Promise<MailboxMessage[]> {
  const rows = await selectMessages(db, to?.toLowerCase(), limit);
  return rows.map((row) => opened(vault, row));
}

export async function findMailboxMessage(
  { db, vault }: Pick<Services, 'db' | 'vault'>,
  id: string,
): Promise<MailboxMessage | null> {
  const row = await findMessage(db, id);
  return row && opened(vault, row);
}

export async function clearMailbox({ db }: { readonly db: Database }): Promise<void> {
  await deleteMessages(db);
}

/** An inbox full of codes is sealed like every other place that holds one. */
function opened(vault: Services['vault'], { id, sealedContent, createdAt }: MessageRow): MailboxMessage {
  return { id, createdAt, ...content.parse(JSON.parse(vault.open(sealedContent, placeOf(id)))) };
}

const placeOf = (id: string): string => `mailbox_messages/${id}`;
