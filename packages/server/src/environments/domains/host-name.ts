import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { getPublicSuffix } from 'tldts';
import { type Config, type FieldError, InvalidRequestParameters } from '../../core/index.ts';

const hostName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * A host name in the form that browsers send it: lower-case A-labels, no port, no dot at the end.
 *
 * @throws {InvalidRequestParameters} when it is none, is not under a domain that somebody can own, or is the server's own
 */
export function parseHostName(raw: string, config: Pick<Config, 'serverUrl' | 'localUrl'>): string {
  // What comes after a host in an address would be dropped in silence.
  const name = /[\s/\\:?#@%]/.test(raw.trim()) ? '' : domainToASCII(raw.trim()).toLowerCase();
  const problem = problemWith(raw, name, config);
  if (problem) throw new InvalidRequestParameters([{ ...problem, field: 'name' }]);
  return name;
}

function problemWith(
  raw: string,
  name: string,
  { serverUrl, localUrl }: Pick<Config, 'serverUrl' | 'localUrl'>,
): FieldError | null {
  if (isIP(name) !== 0 || name.length > 240 || !hostName.test(name) || getPublicSuffix(name) === name) {
    const shown = raw.trim().slice(0, 254);
    return {
      code: 'custom_domain_invalid',
      message: `'${shown}' is not a host name like auth.example.com. Leave out scheme, port and path.`,
    };
  }
  if ([serverUrl, localUrl].some((url) => new URL(url).hostname === name))
    return { code: 'custom_domain_is_server', message: `'${name}' is this server's own name.` };
  return null;
}
