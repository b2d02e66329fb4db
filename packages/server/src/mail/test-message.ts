import { EntityNotFound, html, newId, type Services, seconds, type Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { oneLine, unlinked } from './app-name.ts';
import { findProvider } from './provider.store.ts';
import { providerTransport } from './provider-transport.ts';
import { explain, type SendProblem } from './refusals.ts';
import { isSuppressed } from './suppression.ts';

/** Somebody waits for the answer, and a request may take no longer than 15 seconds. */
const patienceMs = seconds(10);

export type TestOutcome =
  | { readonly outcome: 'accepted'; readonly message: string }
  | { readonly outcome: 'refused'; readonly problem: SendProblem | 'suppressed'; readonly message: string };

/**
 * Sends one mail by the environment's own provider, switched on or not, and waits for what the server says. Nothing is
 * queued and nothing tried again; an address that is refused is not put on the list of those.
 *
 * @throws {EntityNotFound} when no provider was entered
 */
export async function sendTestMessage(services: Services, tenant: Tenant, to: string): Promise<TestOutcome> {
  const provider = await findProvider(services.db, tenant);
  if (!provider) throw new EntityNotFound('Mail provider', tenant.environmentId);
  if (await isSuppressed(services.db, tenant, to)) {
    const message = 'This address is on the list of suppressed ones. Allow it again first, or use another one.';
    return { outcome: 'refused', problem: 'suppressed', message };
  }
  const { client } = await getEnvironment(services, tenant.environmentId);
  const app = unlinked(client.applicationName);
  const title = `Mail from ${app} works`;
  const sentence = 'This is a test message that was sent from the dashboard. Nobody has to do anything about it.';
  const now = services.now();
  const mail = {
    id: newId('mail', now),
    to,
    app: oneLine(client.applicationName),
    subject: title.replaceAll('\u2060', ''),
    text: `${title}\n\n${sentence}\n`,
    html: html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>${sentence}</p></body></html>`
      .markup,
    queuedAt: now,
    sequence: 0,
  };
  try {
    return { outcome: 'accepted', message: await providerTransport(services, tenant, provider, patienceMs)(mail) };
  } catch (error) {
    const { problem, message } = explain(error);
    return { outcome: 'refused', problem, message };
  }
}
