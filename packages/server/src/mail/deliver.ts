import { lookFor } from '../branding/index.ts';
import { type Job, maxTries, type Services, systemTenant, type Tenant } from '../core/index.ts';
import { type EnvironmentWithClient, getEnvironment } from '../environments/index.ts';
import { negotiate } from '../texts/index.ts';
import { oneLine } from './app-name.ts';
import { countFailure, removeFailure } from './failures.store.ts';
import { isSentByApp } from './kinds.ts';
import type { ProviderRow } from './provider.schema.ts';
import { findProvider } from './provider.store.ts';
import { providerTransport } from './provider-transport.ts';
import { type QueuedMail, queued } from './queued.ts';
import { explain } from './refusals.ts';
import { senderOf } from './sender-of.ts';
import { isSuppressed, suppress } from './suppression.ts';
import type { Mail, MailTransport } from './transport.ts';
import { writeMail } from './write-mail.ts';

type Handled = Pick<Job, 'id' | 'payload' | 'attempt'>;

/**
 * Writes and sends what `queueMail` put away. It throws when the transport does, and the job is tried again; meanwhile
 * the dashboard tells why. What is decided here is decided again at each try.
 */
export function mailJobHandler(services: Services, serverTransport: MailTransport): (job: Handled) => Promise<void> {
  return async (job) => {
    const mail = queued.parse(job.payload);
    const tenant = systemTenant(mail.environmentId);
    const environment = await getEnvironment(services, mail.environmentId);
    const withheld = await whyNot(services, tenant, environment, mail);
    if (withheld) services.log.info({ mail: mail.id, template: mail.letter.template }, withheld);
    else await handOver(services, tenant, job, mail, await written(services, environment, mail), serverTransport);
    if (job.attempt > 1) await removeFailure(services.db, tenant, mail.id);
  };
}

/** @returns why a mail is not sent at all; null: it is */
async function whyNot(
  { db, now }: Services,
  tenant: Tenant,
  { settings }: EnvironmentWithClient,
  { notAfter, to, letter }: QueuedMail,
): Promise<string | null> {
  if (notAfter && now() > new Date(notAfter)) return 'A mail was dropped: it could not be delivered in time';
  if (isSentByApp(settings, letter.template)) return 'A mail was left to the application, which sends this kind itself';
  if (await isSuppressed(db, tenant, to)) return 'A mail was dropped: its address is suppressed';
  return null;
}

async function written(
  services: Services,
  environment: EnvironmentWithClient,
  { id, to, sequence, queuedAt, locale, letter }: QueuedMail,
): Promise<Mail> {
  const look = await lookFor(services, environment.id);
  const language = negotiate(locale, environment.settings.defaultLocale);
  const content = writeMail(letter, senderOf(services, environment, look, language));
  const app = oneLine(environment.client.applicationName);
  return { id, to, app, sequence, queuedAt: new Date(queuedAt), ...content };
}

async function handOver(
  services: Services,
  tenant: Tenant,
  job: Handled,
  { id, to, letter, queuedAt }: QueuedMail,
  mail: Mail,
  serverTransport: MailTransport,
): Promise<void> {
  try {
    await send(services, tenant, mail, serverTransport);
  } catch (error) {
    const { problem, message, isForGood } = explain(error);
    if (isForGood) {
      await suppress(services, tenant, to, { reason: 'refused', detail: message });
      return;
    }
    const failure = { id, jobId: job.id, recipient: to, template: letter.template, reason: problem, message };
    const times = { createdAt: new Date(queuedAt), triedAt: services.now() };
    await countFailure(services.db, tenant, { ...failure, ...times, isGivenUp: job.attempt >= maxTries });
    throw error;
  }
}

/**
 * By the environment's own provider, where it has one. When its settings are changed during a try, that try says nothing
 * about those there are now, and waiting after it would be for nothing: it is tried once more.
 */
async function send(services: Services, tenant: Tenant, mail: Mail, serverTransport: MailTransport): Promise<void> {
  const provider = await findProvider(services.db, tenant);
  try {
    await sendBy(services, tenant, provider, mail, serverTransport);
  } catch (error) {
    const now = await findProvider(services.db, tenant);
    if (JSON.stringify(now) === JSON.stringify(provider)) throw error;
    await sendBy(services, tenant, now, mail, serverTransport);
  }
}

/** A development server keeps a copy in its mailbox. */
async function sendBy(
  services: Services,
  tenant: Tenant,
  provider: ProviderRow | null,
  mail: Mail,
  serverTransport: MailTransport,
): Promise<void> {
  if (!provider?.isEnabled) return serverTransport(mail);
  if (services.config.mode === 'dev') await serverTransport(mail);
  await providerTransport(services, tenant, provider)(mail);
}
