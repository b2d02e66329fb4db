/** The development server's pages for people: pure functions from a view to a document. */
export { type MailboxView, mailboxPage } from './mailbox.ts';
export { type MessageView, messagePage } from './message.ts';
export { type FormPostView, formPostPage, type PersonaView, personaPage } from './persona.ts';
export { type ProviderRow, type ProvidersView, providersPage } from './providers.ts';
