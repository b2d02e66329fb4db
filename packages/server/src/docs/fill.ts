import type { Reader } from './reader.ts';

/** What stands in documents for what every reader has of their own. */
export const placeholders = { clientId: 'client_…', apiKey: 'sk_test_…' } as const;

/** Environment variables whose value is this server's address, by what each is called. */
const addressOf = (url: URL): Readonly<Record<string, string>> => ({
  API_HOSTNAME: `'${url.hostname}'`,
  API_PORT: `'${url.port || (url.protocol === 'https:' ? '443' : '80')}'`,
  API_HTTPS: String(url.protocol === 'https:'),
});

/** `WORKOS_CLIENT_ID=`, also with the prefix by which a framework lets browsers see it. */
const VARIABLE = /^((?:[A-Z]+_)*WORKOS_([A-Z_]+)=)(.*)$/gm;

/**
 * A block of code as this reader needs it: environment files name this server, and for an operator everything carries
 * the client id and the masked key of their staging environment.
 */
export function filled(code: string, language: string, publicUrl: string, reader: Reader | null): string {
  // A drawing is about everybody's.
  if (language === 'text') return code;
  const clientId = reader?.clientId ?? placeholders.clientId;
  const apiKey = reader?.maskedApiKey ?? placeholders.apiKey;
  const values: Readonly<Record<string, string>> = {
    ...addressOf(new URL(publicUrl)),
    CLIENT_ID: `'${clientId}'`,
    API_KEY: `'${apiKey}'`,
  };
  // Placeholders first: a masked key begins like one.
  const named = code.replaceAll(placeholders.clientId, clientId).replaceAll(placeholders.apiKey, apiKey);
  if (language !== 'dotenv') return named;
  return named.replaceAll(VARIABLE, (line, name: string, variable: string) =>
    variable in values ? `${name}${values[variable]}` : line,
  );
}
