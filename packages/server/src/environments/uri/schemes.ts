/** Schemes and local names, told apart. */
import { type Finding, problem } from './finding.ts';

export const isWeb = (scheme: string): boolean => scheme === 'http' || scheme === 'https';

/**
 * Schemes at which a browser or a system runs code, opens files or hands over to something that is not an app's callback.
 * A private-use scheme not in this list may be registered, so this names what exists rather than what is allowed.
 */
const FORBIDDEN_SCHEMES: ReadonlySet<string> = new Set(
  (
    'about android-app blob chrome cid content data devtools edge facetime feed file filesystem ftp ftps gopher intent jar ' +
    'javascript ldap ldaps livescript mailto mhtml mid mocha ms-settings news nntp opera res resource rtsp search-ms sftp sms ' +
    'smb ssh tel telnet urn vbscript view-source ws wss wyciwyg'
  ).split(' '),
);

export const isForbiddenScheme = (scheme: string): boolean => FORBIDDEN_SCHEMES.has(scheme.toLowerCase());

export const forbiddenScheme = (scheme: string): Finding =>
  problem(
    'scheme_forbidden',
    `The scheme "${scheme.toLowerCase()}:" cannot lead back to an app: it runs code, opens files or belongs to another program. Use https, or a scheme of your own such as com.example.app.`,
  );

/** Names of this machine (RFC 6761 section 6.3). */
export const isLocalhost = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
