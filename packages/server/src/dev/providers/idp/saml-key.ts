import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSigningKey } from '../../../keys/index.ts';

/** What the simulated SAML providers sign with, all of them alike. */
export interface SamlKey {
  readonly privateKey: string;
  /** In PEM. */
  readonly certificate: string;
}

const fileName = 'simulated-identity-provider.pem';

/**
 * Made at its first use. A connection keeps the certificate, so the key outlives the process where anything does.
 *
 * @param dataDir - null: it lives and dies with the process, as the database then does
 */
export function samlKeyIn(dataDir: string | null): (at: Date) => Promise<SamlKey> {
  let key: Promise<SamlKey> | undefined;
  return (at) => {
    key ??= dataDir === null ? make(at) : kept(join(dataDir, fileName), at);
    return key;
  };
}

async function kept(file: string, at: Date): Promise<SamlKey> {
  if (!existsSync(file)) {
    const { privateKey, certificate } = await make(at);
    const draft = `${file}.new`;
    writeFileSync(draft, `${privateKey}${certificate}`, { mode: 0o600, flush: true });
    renameSync(draft, file);
  }
  const text = readFileSync(file, 'utf8');
  const part = (name: string): string =>
    new RegExp(`-----BEGIN ${name}-----[\\s\\S]*?-----END ${name}-----\\n`).exec(text)?.[0] ?? '';
  const privateKey = part('PRIVATE KEY');
  // Says at once that the file is damaged, and not at somebody's sign-in.
  createPrivateKey(privateKey);
  return { privateKey, certificate: part('CERTIFICATE') };
}

async function make(at: Date): Promise<SamlKey> {
  const { privateKey, publicJwk } = await newSigningKey('Simulated identity provider', at);
  const lines = publicJwk.x5c[0].replace(/.{64}(?=.)/g, '$&\n');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
