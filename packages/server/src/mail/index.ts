/**
 * Mail: what we write to people, and how it leaves. A mail is queued in the transaction that causes it, rendered when a
 * job sends it, and goes to one person.
 *
 * Owns `mailbox_messages`, the inbox of the development server. Later rooms call `queueMail`; `app.ts` picks a
 * transport.
 */
export { queueMail, registerMail } from './logic.ts';
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
