import { after, hours, type Services, sameText, systemTenant, type Tenant } from '../core/index.ts';
import type { Brand } from './brand.ts';
import { getBranding } from './logic.ts';

const lifetimeMs = hours(24);

const macOf = ({ vault }: Pick<Services, 'vault'>, environmentId: string, until: string): string =>
  vault.mac('branding-preview', `${environmentId}\n${until}`).toString('base64url');

/** A path that shows an environment's draft on every page, to whoever has the link, for a day. */
export function previewPath(services: Pick<Services, 'vault' | 'now'>, { environmentId }: Tenant): string {
  const until = String(after(services.now(), lifetimeMs).getTime());
  return `/branding/preview?environment=${environmentId}&until=${until}&proof=${macOf(services, environmentId, until)}`;
}

/** @returns the draft; null when the link is not ours or its day is over */
export async function readPreview(
  services: Pick<Services, 'db' | 'vault' | 'now'>,
  link: { readonly environment: string; readonly until: string; readonly proof: string },
): Promise<Brand | null> {
  if (!sameText(link.proof, macOf(services, link.environment, link.until))) return null;
  if (Number(link.until) <= services.now().getTime()) return null;
  return (await getBranding(services, systemTenant(link.environment))).draft;
}
