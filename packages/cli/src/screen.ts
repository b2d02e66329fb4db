import { styleText } from 'node:util';
import type { RunningServer } from '@authkit/server';

/** What a person reads after the start: one screen, everything on it ready to copy. */
export function screen(server: RunningServer): string {
  const { url, dashboardUrl, mailboxUrl, dataDir, hasOwner } = server;
  const title = (text: string): string => styleText('bold', text);
  const soft = (text: string): string => styleText('dim', text);
  const row = (name: string, value: string): string => `  ${soft(name.padEnd(11))}${value}`;
  return `
  ${title('AuthKit is running.')}

${row('Server', url)}
${row('Dashboard', dashboardUrl)}
${row('Mailbox', mailboxUrl)}
${row('Docs', `${url}/docs`)}
${row('Data', dataDir ?? 'in memory, gone at exit')}
${hasOwner ? '' : `\n  ${soft('The dashboard link makes you the owner of this installation. It works once.')}\n`}
  ${title('Paste into the .env of your app')}

${envBlock(server)}
  ${soft('Mails go to the mailbox. Ctrl-C ends the server.')}

`;
}

/** The variables of the guides, and the three that point the SDKs here. */
function envBlock({ url, identity }: RunningServer): string {
  const { hostname, port, protocol } = new URL(url);
  const isHttps = protocol === 'https:';
  return [
    `WORKOS_API_KEY='${identity.apiKey.reveal()}'`,
    `WORKOS_CLIENT_ID='${identity.clientId}'`,
    `WORKOS_REDIRECT_URI='http://localhost:3000/callback'`,
    `WORKOS_COOKIE_PASSWORD='${identity.cookiePassword.reveal()}'`,
    `WORKOS_API_HOSTNAME='${hostname}'`,
    `WORKOS_API_PORT='${port || (isHttps ? 443 : 80)}'`,
    `WORKOS_API_HTTPS=${isHttps}`,
    '',
  ].join('\n');
}
