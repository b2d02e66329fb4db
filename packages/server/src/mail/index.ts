/**
 * Mail: what we write to people, and how it leaves. A mail is queued in the transaction that causes it, rendered when a
 * job sends it, and goes to one person: by the environment's own mail server, or by the one this server was given.
 *
 * Owns `mailbox_messages`, the inbox of the development server, `mail_providers`, `mail_failures` and
 * `suppressed_addresses`. Later rooms call `queueMail`; `app.ts` picks a transport.
 */
import type { Route } from '../core/index.ts';
import { failureRoutes } from './failures.routes.ts';
import { providerRoutes } from './provider.routes.ts';
import { suppressionRoutes } from './suppression.routes.ts';

export const mailRoutes: readonly Route[] = [...providerRoutes, ...failureRoutes, ...suppressionRoutes];

export { purgeMailFailures } from './failures.ts';
export { type Letter, queueMail, registerMail } from './logic.ts';
export {
  clearMailbox,
  findMailboxMessage,
  listMailbox,
  type MailboxMessage,
  mailboxSize,
  mailboxTransport,
} from './mailbox.ts';
export { smtpTransport } from './smtp.ts';
export type { Mail } from './transport.ts';
export { codeIn } from './write-mail.ts';
export { sampleNames, writeSample } from './write-sample.ts';
