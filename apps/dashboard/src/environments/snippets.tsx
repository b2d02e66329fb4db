import { CodeBlock } from '../parts/code-block.tsx';
import { Loaded } from '../parts/states.tsx';
import { type Environment, useEnvironment } from './queries.ts';

/** Stands in a snippet for a key that is shown only once. */
const keyPlaceholder = 'sk_test_…';

/** The official SDK pointed at this server, with the reader's own client id. */
export function sdkSetUp({ client_id, base_url }: Pick<Environment, 'client_id' | 'base_url'>): string {
  const { hostname, port, protocol } = new URL(base_url);
  return [
    "import { WorkOS } from '@workos-inc/node';",
    '',
    'const workos = new WorkOS(process.env.WORKOS_API_KEY, {',
    `  clientId: '${client_id}',`,
    `  apiHostname: '${hostname}',`,
    ...(port ? [`  port: ${port},`] : []),
    ...(protocol === 'http:' ? ['  https: false,'] : []),
    '});',
  ].join('\n');
}

interface EnvFileParts {
  readonly environment: Environment;
  /** The whole key, in the moments after it was created. */
  readonly apiKey: string | null;
  readonly redirectUri: string;
  readonly cookiePassword: string;
}

export function envFile({ environment, apiKey, redirectUri, cookiePassword }: EnvFileParts): string {
  const { hostname, port, protocol } = new URL(environment.base_url);
  const https = protocol === 'https:';
  return [
    `WORKOS_API_KEY='${apiKey ?? keyPlaceholder}'`,
    `WORKOS_CLIENT_ID='${environment.client_id}'`,
    `WORKOS_REDIRECT_URI='${redirectUri}'`,
    `WORKOS_COOKIE_PASSWORD='${cookiePassword}'`,
    `WORKOS_API_HOSTNAME='${hostname}'`,
    `WORKOS_API_PORT='${port || (https ? '443' : '80')}'`,
    `WORKOS_API_HTTPS=${https}`,
  ].join('\n');
}

const cookiePasswordBytes = 32;

/** Fresh random bytes in base64: 44 characters, above the 32 that every SDK asks for. */
export function newCookiePassword(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(cookiePasswordBytes))));
}

/** A few lines of Node on top of the set-up above. */
export function NodeSnippet({ title, code }: { title: string; code: string }) {
  const environment = useEnvironment();
  return (
    <Loaded query={environment} lines={5}>
      {(data) => <CodeBlock title={title} code={`${sdkSetUp(data)}\n\n${code}`} />}
    </Loaded>
  );
}
