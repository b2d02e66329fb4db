import type { Services, Tenant } from '../core/index.ts';
import { getEnvironment } from './clients.ts';
import { explainRefusal, type RefusalExplanation } from './redirect-doctor.ts';
import { findMatch } from './redirect-match.ts';
import { checkRegistration } from './redirect-rules.ts';
import { knownRedirects, policyOf } from './redirects.ts';
import type { Client, RedirectCheck, RedirectList } from './schema.ts';

/** Why a `redirect_uri` was refused. For operators, and on pages of staging environments only. */
export async function explainRedirectRefusal(
  services: Pick<Services, 'db'>,
  client: Client,
  presented: string,
): Promise<RefusalExplanation> {
  const entries = await knownRedirects(services, client, 'redirect_uris');
  return explainRefusal(entries, presented, policyOf(client.environment));
}

/** Asks the same functions the flow asks, so that the dashboard cannot promise what the flow then refuses. */
export async function checkRedirect(
  services: Pick<Services, 'db'>,
  tenant: Tenant,
  list: RedirectList,
  url: string,
): Promise<RedirectCheck> {
  const { client } = await getEnvironment(services, tenant.environmentId);
  const policy = policyOf(client.environment);
  const entries = await knownRedirects(services, client, list);
  const match = findMatch(entries, url);
  const registration = checkRegistration(url, policy);
  return {
    accepted: match !== null,
    matched: match && { id: match.entry.id, uri: match.entry.uri },
    refusal: match ? null : explainRefusal(entries, url, policy),
    registration: {
      allowed: registration.allowed,
      problems: registration.allowed ? [] : registration.problems,
      warnings: registration.allowed ? registration.warnings : [],
    },
  };
}
