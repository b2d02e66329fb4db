/**
 * A service that knows more leaked passwords than the built-in list, asked so that it does not learn which password is
 * meant: it gets the first five digits of a SHA-1 and answers with the other 35 of all that begin so, each as
 * `SUFFIX:COUNT` on a line (the range API of Have I Been Pwned, which mirrors speak too).
 */
import { hash } from 'node:crypto';
import { after, cache, type Database, minutes, outbound, type Services, seconds } from '../core/index.ts';

type ServiceAccess = Pick<Services, 'db' | 'now' | 'log' | 'config' | 'resolveAddresses'>;

const prefixLength = 5;
const timeoutMs = seconds(1);
/** So long is a service left alone that gave no answer: everybody who chooses a password meanwhile would wait in vain. */
const restMs = seconds(30);
/** An answer holds about a thousand lines of 40 bytes, and padding. */
const maxBytes = 512 * 1024;
const line = /^([0-9A-F]{35}):(\d+)$/;

/** Whoever corrects a form sends the same password again. Of a range that is kept nobody can tell who asked for it. */
const ranges = cache<ReadonlySet<string>>({ max: 32, ttlMs: minutes(5) });

/** When a service failed last, by its address; of each server's own. */
const failures = new WeakMap<Database, Map<string, Date>>();

/**
 * Whether the service counts a password among the leaked ones. Where it is down, takes longer than a second or answers
 * something else, the password is taken for none of them and the log tells: nobody is kept from a password by an outage.
 * It is then left alone for half a minute.
 *
 * @param address - of the service; the prefix becomes the last segment of its path
 */
export async function isKnownToService(services: ServiceAccess, address: string, plain: string): Promise<boolean> {
  // The published ranges are of this hash; it protects nothing here.
  const digest = hash('sha1', plain.normalize('NFC')).toUpperCase();
  const url = rangeUrl(address, digest.slice(0, prefixLength));
  try {
    const suffixes = await ranges.get(services.db, url, () => askUnlessResting(services, address, url));
    return suffixes.has(digest.slice(prefixLength));
  } catch (error) {
    services.log.warn(
      { err: error, host: new URL(address).host },
      'The service of leaked passwords was not asked; a new password was compared with the built-in list alone',
    );
    return false;
  }
}

function rangeUrl(address: string, prefix: string): string {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${prefix}`;
  return url.href;
}

/** @throws when it rests, and what `askRange` throws */
async function askUnlessResting(services: ServiceAccess, address: string, url: string): Promise<ReadonlySet<string>> {
  const failedAt = failures.get(services.db) ?? new Map<string, Date>();
  failures.set(services.db, failedAt);
  const last = failedAt.get(address);
  if (last && services.now() < after(last, restMs))
    throw new Error(`The service failed at ${last.toISOString()} and rests for ${restMs / 1000} s.`);
  failedAt.delete(address);
  try {
    return await askRange(services, url);
  } catch (error) {
    failedAt.set(address, services.now());
    throw error;
  }
}

/** @throws when there is no whole answer in time, or it is no range */
async function askRange(services: ServiceAccess, url: string): Promise<ReadonlySet<string>> {
  const response = await outbound(services, maxBytes)(url, {
    // Padded, an answer’s length does not tell which range it is to whoever sees it pass.
    headers: { 'add-padding': 'true', accept: 'text/plain', 'user-agent': 'AuthKit' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) throw new Error(`The service answered ${response.status}.`);
  const lines = (await response.text()).split(/\r?\n/).filter((text) => text !== '');
  return new Set(lines.flatMap(suffixOf));
}

/** Nothing for padding, which nobody counted. */
function suffixOf(text: string): string[] {
  const [, suffix, count] = line.exec(text.toUpperCase()) ?? [];
  if (suffix === undefined) throw new Error('The service answered something else than a range of hashes.');
  return Number(count) > 0 ? [suffix] : [];
}
