import { resolveOutbound, type Services, type Tenant } from '../core/index.ts';
import type { ProviderRow } from './provider.schema.ts';
import { placeOfPassword } from './provider.ts';
import { SendRefused } from './refusals.ts';
import { connectTo, sendBy } from './smtp.ts';
import type { MailTransport } from './transport.ts';

/**
 * Mail through an environment's own provider. The host is resolved and looked at for every mail: names change where they
 * lead. The connection goes to the address that was looked at, and TLS still asks for the name.
 *
 * @returns what answers the server's last words
 */
export function providerTransport(
  services: Pick<Services, 'config' | 'vault' | 'resolveAddresses'>,
  tenant: Tenant,
  row: ProviderRow,
  timeoutMs?: number,
): MailTransport<string> {
  return async (mail) => {
    const { addresses, isLocal } = await resolveOutbound(services, row.host);
    if (row.security === 'none' && !isLocal)
      throw new SendRefused('tls', `'${row.host}' is on the internet now, and the mail would travel in the open.`);
    const { username, sealedPassword } = row;
    const transporter = await connectTo({
      host: addresses[0],
      port: row.port,
      secure: row.security === 'tls',
      requireTLS: row.security === 'starttls',
      ignoreTLS: row.security === 'none',
      tls: { servername: row.host },
      ...(username !== null && sealedPassword !== null
        ? { auth: { user: username, pass: services.vault.open(sealedPassword, placeOfPassword(tenant)) } }
        : {}),
    });
    const from = { name: row.fromName ?? mail.app, address: row.fromAddress };
    return sendBy(transporter, { from, replyTo: row.replyTo }, mail, timeoutMs);
  };
}
