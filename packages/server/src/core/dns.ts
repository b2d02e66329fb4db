import { lookup, Resolver } from 'node:dns/promises';

/** The TXT records of a name, each in the pieces it was sent in; none when the name or its records do not exist. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

/** The addresses of a name, as a connection to it would find them. It throws when there are none. */
export type ResolveAddresses = (name: string) => Promise<readonly string[]>;

const timeoutMs = 2000;
const tries = 2;

/** "There is none", as DNS says it (RFC 8020, RFC 2308). Anything else says that we do not know. */
const absent = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks the name servers of this machine. It throws when they do not answer. */
export const resolveTxt: ResolveTxt = async (name) => {
  try {
    return await new Resolver({ timeout: timeoutMs, tries }).resolveTxt(name);
  } catch (error) {
    if (absent.has((error as { code?: string }).code ?? '')) return [];
    throw error;
  }
};

export const resolveAddresses: ResolveAddresses = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);
