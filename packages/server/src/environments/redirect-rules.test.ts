// biome-ignore-all lint/suspicious/noTemplateCurlyInString: an unfilled template in plain quotes is what is tested
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { findMatch, matches, parsePattern } from './redirect-match.ts';
import { checkRegistration, type RegistrationPolicy } from './redirect-rules.ts';

const staging: RegistrationPolicy = { kind: 'staging', strict: false };
const production: RegistrationPolicy = { kind: 'production', strict: true };
const productionWithWildcards: RegistrationPolicy = { kind: 'production', strict: false };

/** "ok", "ok: <warnings>", "ok, shared: <warnings>", or the codes of the problems. One string, so that a row is one line. */
function verdict(uri: string, policy: RegistrationPolicy): string {
  const registration = checkRegistration(uri, policy);
  if (!registration.allowed) {
    for (const { message } of registration.problems)
      assert.match(message, /^\p{Lu}.*[.0-9a-z/]$/su, 'a message is a sentence');
    return registration.problems.map(({ code }) => code).join(' ');
  }
  assert.equal(registration.needsClientSecret, registration.needsConfirmation);
  const shared = registration.needsClientSecret ? ', shared' : '';
  const warnings = registration.warnings.map(({ code }) => code).join(' ');
  return `ok${shared}${warnings && `: ${warnings}`}`;
}

type RegistrationRow = [uri: string, staging: string, production: string, productionWithWildcards: string, why: string];

/** A row that is answered alike everywhere. */
const everywhere = (uri: string, answer: string, why: string): RegistrationRow => [uri, answer, answer, answer, why];
const a = (count: number) => 'a'.repeat(count);

const registrations: Record<string, RegistrationRow[]> = {
  'https, which every environment takes': [
    everywhere('https://example.com/callback', 'ok', 'the ordinary case'),
    everywhere('https://example.com', 'ok', 'an origin alone: authkit-react sends window.origin'),
    everywhere('https://example.com/', 'ok', 'a root path is another string than none'),
    everywhere('https://app.example.com/auth/callback/', 'ok', 'a trailing slash is part of the path'),
    everywhere('https://example.com:8443/callback', 'ok', 'a port of its own'),
    everywhere('https://example.com:1/cb', 'ok', 'lowest port'),
    everywhere('https://example.com:65535/cb', 'ok', 'highest port'),
    everywhere('https://203.0.113.7/cb', 'ok', 'an IPv4 address in its usual form'),
    everywhere('https://[2001:db8::1]:8443/cb', 'ok', 'an IPv6 address in its usual form'),
    everywhere('https://xn--bcher-kva.example/cb', 'ok', 'an international name in its ASCII form'),
    everywhere('https://my_app.example.com/cb', 'ok', 'an underscore, which hosting platforms use'),
    everywhere('https://127.0.0.1/cb', 'ok', 'loopback over https is https'),
    everywhere('https://intranet/cb', 'ok', 'a single label, as inside a company'),
    everywhere('https://myteam.vercel.app/callback', 'ok', 'an exact host under a hosting suffix is one site'),
    everywhere('https://example.com/a//b', 'ok', 'an empty segment is a segment'),
    everywhere("https://example.com/~a/b-c_d.e!f$g&h'i(j)k+l,m;n=o:p@q", 'ok', 'every character a path may hold bare'),
    everywhere('https://example.com/caf%C3%A9', 'ok', 'percent-encoded UTF-8'),
    everywhere('https://example.com/a%20b', 'ok', 'an encoded space'),
    everywhere('https://example.com/a%2Fb', 'ok', 'an encoded slash that hides no dots'),
    everywhere('https://example.com/a%2fb', 'ok', 'the other case of the escape: another string, as good'),
    everywhere('https://example.com/.well-known/cb', 'ok', 'a dot inside a segment'),
    everywhere('https://example.com/a..b/...', 'ok', 'dots that are no dot segment'),
    everywhere('https://example.com/%252e%252e/cb', 'ok', 'an encoded percent sign is not decoded twice'),
    everywhere(`https://example.com/${a(2028)}`, 'ok', 'exactly 2048 characters'),
    everywhere(`https://${a(63)}.example.com/cb`, 'ok', 'the longest label'),
  ],
  'http and localhost, for development': [
    [
      'http://localhost:3000/callback',
      'ok',
      'localhost_in_production',
      'localhost_in_production',
      'the guides’ default',
    ],
    ['http://localhost/callback', 'ok', 'localhost_in_production', 'localhost_in_production', 'without a port'],
    ['http://localhost:5173', 'ok', 'localhost_in_production', 'localhost_in_production', 'a Vite app'],
    ['https://localhost:3000/cb', 'ok', 'localhost_in_production', 'localhost_in_production', 'https does not help'],
    [
      'http://acme.localhost:3000/cb',
      'ok',
      'localhost_in_production',
      'localhost_in_production',
      'RFC 6761 section 6.3',
    ],
    [
      'https://acme.localhost/cb',
      'ok',
      'localhost_in_production',
      'localhost_in_production',
      'under localhost with https',
    ],
    [
      'http://example.com/cb',
      'ok: http_unencrypted',
      'http_in_production',
      'http_in_production',
      'http on the network',
    ],
    [
      'http://10.0.0.5:8080/cb',
      'ok: http_unencrypted',
      'http_in_production',
      'http_in_production',
      'a private address',
    ],
    ['http://web:3000/cb', 'ok: http_unencrypted', 'http_in_production', 'http_in_production', 'a container name'],
    ['http://[::1]:3000/cb', 'ok', 'http_in_production', 'http_in_production', 'only 127.0.0.1 is excepted'],
    [
      'http://127.0.0.2/cb',
      'ok: http_unencrypted',
      'http_in_production',
      'http_in_production',
      'another loopback address',
    ],
    [
      'http://localhost.example.com/cb',
      'ok: http_unencrypted',
      'http_in_production',
      'http_in_production',
      'no localhost',
    ],
    [
      'http://127.0.0.1.example.com/cb',
      'ok: http_unencrypted',
      'http_in_production',
      'http_in_production',
      'no address',
    ],
    everywhere('http://127.0.0.1/cb', 'ok', 'RFC 8252 section 7.3: a native app’s own listener'),
    everywhere('http://127.0.0.1:49152/cb', 'ok', 'with its port'),
    everywhere('http://127.0.0.1:3000', 'ok', 'with nothing else'),
  ],
  'query parameters': [
    ['https://example.com/cb?x=1', 'ok', 'query_in_production', 'query_in_production', 'staging only'],
    ['https://example.com/cb?', 'ok', 'query_in_production', 'query_in_production', 'an empty query is one'],
    [
      'http://localhost:3000?tenant=a',
      'ok',
      'localhost_in_production query_in_production',
      'localhost_in_production query_in_production',
      'both problems are told',
    ],
    [
      'http://127.0.0.1:3000/cb?x=1',
      'ok',
      'query_in_production',
      'query_in_production',
      'the exception is for the scheme',
    ],
    [
      'myapp://cb?x=1',
      'ok: scheme_not_unique',
      'query_in_production',
      'query_in_production',
      'private-use schemes too',
    ],
    [
      'https://example.com/cb?next=/a?b',
      'ok',
      'query_in_production',
      'query_in_production',
      'a second question mark is data',
    ],
    [
      'https://example.com/cb?code=1',
      'query_reserved',
      'query_in_production',
      'query_in_production',
      'would shadow the code',
    ],
    ['https://example.com/cb?x=1&state=y', 'query_reserved', 'query_in_production', 'query_in_production', 'state'],
    [
      'https://example.com/cb?error',
      'query_reserved',
      'query_in_production',
      'query_in_production',
      'a name without a value',
    ],
    ['https://example.com/cb?iss=x', 'query_reserved', 'query_in_production', 'query_in_production', 'RFC 9207'],
    [
      'https://example.com/cb?error_description=x',
      'query_reserved',
      'query_in_production',
      'query_in_production',
      'people read it',
    ],
    [
      'https://example.com/cb?error_uri=x',
      'query_reserved',
      'query_in_production',
      'query_in_production',
      'people follow it',
    ],
    [
      'https://example.com/cb?c%6Fde=1',
      'query_reserved',
      'query_in_production',
      'query_in_production',
      'an escape hides no name',
    ],
    ['https://example.com/cb?codes=1&State=2', 'ok', 'query_in_production', 'query_in_production', 'other names'],
    ['https://example.com/cb?x=code', 'ok', 'query_in_production', 'query_in_production', 'a value is not a name'],
  ],
  'bytes that two parsers read differently': [
    everywhere('', 'empty', 'nothing'),
    everywhere('https://example.com/cb#done', 'fragment', 'RFC 6749 section 3.1.2'),
    everywhere('https://example.com/cb#', 'fragment', 'an empty fragment is one'),
    everywhere('https://example.com#@evil.example/', 'fragment', 'a fragment before an at sign'),
    everywhere('https://good.example@evil.example/cb', 'userinfo', 'the host is evil.example'),
    everywhere('https://user:password@example.com/cb', 'userinfo', 'a password in it'),
    everywhere('https://@example.com/cb', 'userinfo', 'an empty user name'),
    everywhere('https://good.example:443@evil.example/cb', 'userinfo', 'a port before the at sign'),
    everywhere(
      'https://good.example\\@evil.example/cb',
      'backslash',
      'browsers stop at the backslash, RFC 3986 does not',
    ),
    everywhere('https:\\\\example.com/cb', 'backslash', 'browsers take them for slashes'),
    everywhere('https://example.com\\.evil.example', 'backslash', 'the host changes with the reader'),
    everywhere(' https://example.com/cb', 'space', 'browsers trim it'),
    everywhere('https://example.com/cb ', 'space', 'copied with its end'),
    everywhere('https://example.com/a b', 'space', 'in the path'),
    everywhere(
      'https://example.com/cb\n',
      'control_character',
      'a line break at the end, which a careless $ lets pass',
    ),
    everywhere('https://example.com/cb\r\nSet-Cookie:x', 'control_character', 'response splitting'),
    everywhere('https://exa\tmple.com/cb', 'control_character', 'browsers drop tabs'),
    everywhere('java\nscript:alert(1)', 'control_character', 'browsers drop line breaks, too'),
    everywhere('https://example.com/\u0000', 'control_character', 'NUL'),
    everywhere('https://example.com/\u007f', 'control_character', 'DEL'),
    everywhere('https://example.com/%00', 'control_character', 'NUL, encoded'),
    everywhere('https://example.com/%0d%0aLocation:x', 'control_character', 'a line break, encoded'),
    everywhere('https://example.com/%7F', 'control_character', 'DEL, encoded'),
    everywhere('https://bücher.example/cb', 'non_ascii', 'a name with two spellings'),
    everywhere('https://example。com/cb', 'non_ascii', 'the ideographic full stop is a dot to browsers'),
    everywhere('https://example．com/cb', 'non_ascii', 'and so is the full-width one'),
    everywhere('https://evil.example／.good.example/', 'non_ascii', 'a full-width slash'),
    everywhere('https://еxample.com/cb', 'non_ascii', 'a Cyrillic е'),
    everywhere('https://exam\u200bple.com/cb', 'non_ascii', 'a zero-width space'),
    everywhere('https://example.com/\u202ebc', 'non_ascii', 'a right-to-left override'),
    everywhere('https://example.com/\ud800', 'non_ascii', 'half of a surrogate pair'),
    everywhere('\ufeffhttps://example.com/cb', 'non_ascii', 'a byte order mark'),
    everywhere('https://example.com/a|b', 'forbidden_character', 'no URI character'),
    everywhere('https://example.com/a"b', 'forbidden_character', 'a quote would end an attribute'),
    everywhere('https://example.com/a^b', 'forbidden_character', 'no URI character'),
    everywhere('https://example.com/`', 'forbidden_character', 'no URI character'),
    everywhere('https://example.com/a[0]', 'forbidden_character', 'brackets in a path'),
    [
      'https://example.com/cb?a[]=1',
      'forbidden_character',
      'forbidden_character',
      'forbidden_character',
      'brackets in a query',
    ],
    everywhere('https://example.com/%', 'broken_escape', 'nothing after the percent sign'),
    everywhere('https://example.com/%2', 'broken_escape', 'one digit'),
    everywhere('https://example.com/%zz', 'broken_escape', 'no digits'),
    everywhere('https://example.com/%u0041', 'broken_escape', 'an old JavaScript escape'),
    everywhere(`https://example.com/${a(2029)}`, 'too_long', '2049 characters'),
    everywhere(`https://example.com/${a(5_000_000)}`, 'too_long', 'very long, and still answered at once'),
  ],
  'paths that resolve to other paths': [
    everywhere('https://example.com/../cb', 'dot_segment', 'two dots'),
    everywhere('https://example.com/./cb', 'dot_segment', 'one dot'),
    everywhere('https://example.com/a/..', 'dot_segment', 'at the end'),
    everywhere('https://example.com/a/.', 'dot_segment', 'one at the end'),
    everywhere('https://example.com/%2e%2e/cb', 'dot_segment', 'browsers decode these'),
    everywhere('https://example.com/%2E/cb', 'dot_segment', 'in upper case'),
    everywhere('https://example.com/.%2e/cb', 'dot_segment', 'half encoded'),
    everywhere('https://example.com/a%2f..%2fcb', 'dot_segment', 'for servers that decode slashes first'),
    everywhere('https://example.com/a%5c..%5ccb', 'dot_segment', 'or backslashes'),
    everywhere('myapp://host/../cb', 'dot_segment', 'in a private-use scheme'),
  ],
  'hosts that are spelled otherwise': [
    everywhere('https://Example.com/cb', 'not_canonical', 'upper case'),
    everywhere('HTTPS://example.com/cb', 'not_canonical', 'an upper-case scheme'),
    everywhere('https://example.com:443/cb', 'not_canonical', 'the default port of https'),
    [
      'http://localhost:80/cb',
      'not_canonical',
      'localhost_in_production not_canonical',
      'localhost_in_production not_canonical',
      'the default port of http',
    ],
    everywhere('https://example.com:80/cb', 'ok', 'the default port of the other scheme'),
    everywhere('https://example.com./cb', 'host_trailing_dot', 'a trailing dot is another string for the same host'),
    everywhere('https://example.com../cb', 'host_trailing_dot', 'two of them'),
    everywhere('https://example..com/cb', 'host_malformed', 'an empty label'),
    everywhere('https://.example.com/cb', 'host_malformed', 'an empty first label'),
    everywhere('https://a%2eb/cb', 'host_malformed', 'an encoded dot, which browsers decode'),
    everywhere('https://a%2fb.example/cb', 'host_malformed', 'an encoded slash'),
    everywhere('https://evil.example%23.good.example/cb', 'host_malformed', 'an encoded number sign'),
    everywhere('https://exa$mple.com/cb', 'placeholder', 'a dollar sign in a host is a shell variable'),
    everywhere('https://exa,mple.com/cb', 'host_malformed', 'a comma'),
    everywhere('https://127.1/cb', 'not_canonical', '127.0.0.1 to a browser'),
    everywhere('https://2130706433/cb', 'not_canonical', '127.0.0.1 as one number'),
    everywhere('https://0x7f.0.0.1/cb', 'not_canonical', '127.0.0.1 in hexadecimal'),
    everywhere('https://127.0.0.01/cb', 'not_canonical', '127.0.0.1 in octal'),
    everywhere('https://256.0.0.1/cb', 'host_malformed', 'no address and no name'),
    everywhere('https://[0:0:0:0:0:0:0:1]/cb', 'not_canonical', '[::1] in full'),
    everywhere('https://[::ffff:127.0.0.1]/cb', 'not_canonical', 'an IPv4 address inside'),
    everywhere('https://[2001:DB8::1]/cb', 'not_canonical', 'upper-case hexadecimal'),
    everywhere('https://[::1/cb', 'host_malformed', 'a bracket left open'),
    everywhere('https://[fe80::1%25eth0]/cb', 'host_malformed', 'a zone'),
    everywhere('https://[12345::]/cb', 'host_malformed', 'no IPv6 address'),
    everywhere('https://xn--a/cb', 'host_malformed', 'broken punycode'),
    everywhere(`https://${a(64)}.example.com/cb`, 'host_too_long', 'a label of 64'),
    everywhere(`https://${`${a(50)}.`.repeat(5)}com/cb`, 'host_too_long', 'a host of 258'),
    everywhere('https://example.com:/cb', 'port_malformed', 'a colon without a port'),
    everywhere('https://example.com:0/cb', 'port_malformed', 'port 0'),
    everywhere('https://example.com:65536/cb', 'port_malformed', 'too high'),
    everywhere('https://example.com:08443/cb', 'port_malformed', 'a leading zero'),
    everywhere('https://example.com:8443x/cb', 'port_malformed', 'a letter'),
    everywhere('https://example.com:-1/cb', 'port_malformed', 'a sign'),
    everywhere('https://example.com:80:80/cb', 'host_malformed', 'two ports'),
  ],
  schemes: [
    everywhere('//evil.example/cb', 'scheme_missing', 'relative to whatever page it stands on'),
    everywhere('/callback', 'scheme_missing', 'a path'),
    everywhere('example.com/callback', 'scheme_missing', 'a host without a scheme'),
    everywhere('localhost:3000/callback', 'scheme_missing', 'reads as the scheme "localhost"'),
    everywhere('example.com:8443', 'scheme_missing', 'reads as the scheme "example.com"'),
    everywhere('://example.com', 'scheme_missing', 'an empty scheme'),
    everywhere('1app://callback', 'scheme_missing', 'a scheme begins with a letter'),
    everywhere('https:example.com/cb', 'scheme_missing', 'browsers add the slashes'),
    everywhere('https:/example.com/cb', 'host_missing', 'browsers add the slash'),
    everywhere('https:///example.com/cb', 'host_missing', 'browsers drop the slash'),
    everywhere('https://', 'host_missing', 'nothing after the slashes'),
    everywhere('https://?x', 'host_missing', 'a query for a host'),
    everywhere('https://:8443/cb', 'host_missing', 'a port without a host'),
    everywhere('javascript:alert(1)', 'scheme_forbidden', 'runs code'),
    everywhere('javascript://example.com/%2aalert(1)', 'scheme_forbidden', 'code behind a comment'),
    everywhere('JavaScript:alert(1)', 'scheme_forbidden', 'case does not matter'),
    everywhere('data:text/html,x', 'scheme_forbidden', 'a page out of thin air'),
    everywhere('data://text/html', 'scheme_forbidden', 'with slashes'),
    everywhere('vbscript:x', 'scheme_forbidden', 'runs code'),
    everywhere('blob:https://example.com/0', 'scheme_forbidden', 'a page made by script'),
    everywhere('file:///etc/passwd', 'scheme_forbidden', 'a local file'),
    everywhere('filesystem:https://example.com/t', 'scheme_forbidden', 'a local file'),
    everywhere('about:blank', 'scheme_forbidden', 'an empty page that inherits'),
    everywhere('view-source:https://example.com', 'scheme_forbidden', 'wraps another URI'),
    everywhere('ws://example.com/cb', 'scheme_forbidden', 'a socket'),
    everywhere('wss://example.com/cb', 'scheme_forbidden', 'a socket'),
    everywhere('ftp://example.com/cb', 'scheme_forbidden', 'special to browsers and no callback'),
    everywhere('intent://example.com/', 'scheme_forbidden', 'starts any Android app'),
    everywhere('mailto:a', 'scheme_forbidden', 'a mail program'),
    everywhere('com.example.app:/cb', 'ok', 'RFC 8252 section 7.1'),
    everywhere('com.example.app://callback', 'ok', 'with an authority'),
    everywhere('myapp://callback', 'ok: scheme_not_unique', 'Expo and Electron examples'),
    everywhere('myapp:///callback', 'ok: scheme_not_unique', 'an empty host'),
    everywhere('myapp://', 'ok: scheme_not_unique', 'nothing but the scheme'),
    everywhere('exp://192.168.1.2:8081/--/callback', 'ok: scheme_not_unique', 'Expo Go'),
    everywhere('exp+my-app://callback', 'ok: scheme_not_unique', 'plus and hyphen'),
    everywhere('com.example.app:callback', 'scheme_missing', 'no slash: cannot be told from a port'),
    everywhere('MyApp://callback', 'not_canonical', 'systems lower-case the scheme'),
    everywhere('myapp://user@callback', 'userinfo', 'the byte rules hold here as well'),
    everywhere('myapp://callback#x', 'fragment', 'and this one'),
  ],
  'placeholders nobody filled in': [
    everywhere('https://${VERCEL_URL}/callback', 'placeholder', 'the guide’s mistake'),
    everywhere('https://%24%7BVERCEL_URL%7D/callback', 'placeholder', 'the same, encoded on its way'),
    everywhere('https://$VERCEL_URL/callback', 'placeholder', 'shell'),
    everywhere('https://${process.env.VERCEL_URL}/callback', 'placeholder', 'a template in plain quotes'),
    everywhere('process.env.REDIRECT_URI', 'placeholder', 'code in a settings field'),
    everywhere('https://{{host}}/callback', 'placeholder', 'a template language'),
    everywhere('https://{tenant}.example.com/callback', 'placeholder', 'a URI template'),
    everywhere('https://<your-domain>/callback', 'placeholder', 'copied from a manual'),
    everywhere('https://%VERCEL_URL%/callback', 'placeholder', 'Windows'),
    everywhere('https://$(hostname)/callback', 'placeholder', 'shell'),
    everywhere('https://undefined/callback', 'placeholder', 'an empty variable'),
    everywhere('https://null/callback', 'placeholder', 'an empty variable'),
    everywhere('http://localhost:undefined/callback', 'placeholder', 'an empty port'),
    everywhere('https://undefined.example.com/callback', 'ok', 'a word in a name is a name'),
    everywhere('https://example.com/undefined', 'ok', 'and in a path'),
    everywhere('https://example.com/$metadata', 'ok', 'a dollar sign in a path'),
    everywhere('https://example.com/%ABC%20', 'ok', 'escapes that look like a Windows variable'),
  ],
  wildcards: [
    ['https://*.preview.example.com/cb', 'ok', 'wildcard_strict', 'ok', 'the guide’s case'],
    ['https://*.example.com/callback', 'ok', 'wildcard_strict', 'ok', 'directly under a domain of one’s own'],
    ['https://pr-*.preview.example.com/cb', 'ok', 'wildcard_strict', 'ok', 'a prefix'],
    ['https://*-app.preview.example.com/cb', 'ok', 'wildcard_strict', 'ok', 'a suffix'],
    ['https://pr-*-app.example.com/cb', 'ok', 'wildcard_strict', 'ok', 'both'],
    ['https://*.example.com:8443/cb', 'ok', 'wildcard_strict', 'ok', 'with a port'],
    ['https://*.example.com', 'ok', 'wildcard_strict', 'ok', 'without a path'],
    ['https://*.example.co.uk/cb', 'ok', 'wildcard_strict', 'ok', 'under a two-label suffix'],
    ['https://*.dev.internal/cb', 'ok', 'wildcard_strict', 'ok', 'a name outside the public list'],
    [
      'http://*.preview.example.com/cb',
      'ok: http_unencrypted',
      'http_in_production wildcard_strict',
      'http_in_production wildcard_http_production',
      'http',
    ],
    [
      'http://*.localhost:3000/cb',
      'ok',
      'localhost_in_production wildcard_strict',
      'localhost_in_production wildcard_http_production',
      'this machine',
    ],
    [
      'https://*.example.com/cb?x=1',
      'ok',
      'query_in_production wildcard_strict',
      'query_in_production',
      'with a query',
    ],
    [
      'http://localhost:*/cb',
      'ok',
      'localhost_in_production wildcard_strict',
      'localhost_in_production wildcard_http_production',
      'any port',
    ],
    ['http://127.0.0.1:*/cb', 'ok', 'wildcard_strict', 'wildcard_http_production', 'never http in production'],
    [
      'http://[::1]:*/cb',
      'ok',
      'http_in_production wildcard_strict',
      'http_in_production wildcard_http_production',
      'IPv6 loopback',
    ],
    [
      'https://localhost:*/cb',
      'ok',
      'localhost_in_production wildcard_strict',
      'localhost_in_production',
      'a local certificate',
    ],
    ['https://127.0.0.1:*/cb', 'ok', 'wildcard_strict', 'ok', 'a local certificate'],
    everywhere('https://example.com:*/cb', 'wildcard_port', 'any port of a real host'),
    [
      'http://127.0.0.2:*/cb',
      'wildcard_port',
      'http_in_production wildcard_port',
      'http_in_production wildcard_port',
      'not one of the three',
    ],
    [
      'http://acme.localhost:*/cb',
      'wildcard_port',
      'localhost_in_production wildcard_port',
      'localhost_in_production wildcard_port',
      'not one of the three',
    ],
    everywhere('https://example.com:80*/cb', 'port_malformed', 'a part of a port'),
    everywhere('https://*.*.example.com/cb', 'wildcard_twice', 'two labels'),
    everywhere('https://*-*.example.com/cb', 'wildcard_twice', 'two in one label'),
    everywhere('http://*.localhost:*/cb', 'wildcard_twice', 'host and port'),
    everywhere('https://**.example.com/cb', 'wildcard_twice', 'two side by side'),
    everywhere('https://*.example.com/*', 'wildcard_twice', 'host and path'),
    everywhere('https://app.*.example.com/cb', 'wildcard_not_leftmost', 'the second label'),
    everywhere('https://example.*/cb', 'wildcard_not_leftmost', 'the top-level domain'),
    everywhere('https://app.*example.com/cb', 'wildcard_not_leftmost', 'inside the second label'),
    everywhere('https://example.com/*', 'wildcard_outside_host', 'the path'),
    everywhere('https://example.com/*/cb', 'wildcard_outside_host', 'inside the path'),
    [
      'https://example.com/cb?x=*',
      'wildcard_outside_host',
      'query_in_production wildcard_outside_host',
      'query_in_production wildcard_outside_host',
      'the query',
    ],
    everywhere('*://example.com/cb', 'scheme_missing', 'the scheme'),
    everywhere('http*://example.com/cb', 'scheme_missing', 'inside the scheme'),
    everywhere('myapp://*/cb', 'wildcard_scheme', 'a private-use scheme'),
    everywhere('myapp://*.example.com/cb', 'wildcard_scheme', 'whatever stands below'),
    everywhere('com.example.app:/*', 'wildcard_outside_host', 'in its path'),
    everywhere('*', 'scheme_missing', 'everything'),
  ],
  'what a wildcard would swallow': [
    [
      'https://*/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'every host',
    ],
    [
      'https://*example.com/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'evilexample.com',
    ],
    [
      'https://*-example.com/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'evil-example.com',
    ],
    [
      'https://example*.com/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'example-evil.com',
    ],
    [
      'https://*example.co.uk/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'a two-label suffix',
    ],
    [
      'https://*host/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'evilhost',
    ],
    [
      'https://*.com/cb',
      'wildcard_public_suffix',
      'wildcard_strict wildcard_public_suffix',
      'wildcard_public_suffix',
      'a top-level domain',
    ],
    [
      'https://*.co.uk/cb',
      'wildcard_public_suffix',
      'wildcard_strict wildcard_public_suffix',
      'wildcard_public_suffix',
      'a second-level one',
    ],
    [
      'https://*.xn--p1ai/cb',
      'wildcard_public_suffix',
      'wildcard_strict wildcard_public_suffix',
      'wildcard_public_suffix',
      'an international one',
    ],
    [
      'https://*.sch.uk/cb',
      'wildcard_public_suffix',
      'wildcard_strict wildcard_public_suffix',
      'wildcard_public_suffix',
      'a wildcard of the list itself',
    ],
    [
      'https://*.city7.kawasaki.jp/cb',
      'wildcard_public_suffix',
      'wildcard_strict wildcard_public_suffix',
      'wildcard_public_suffix',
      'below one',
    ],
    ['https://*.city.kawasaki.jp/cb', 'ok', 'wildcard_strict', 'ok', 'an exception of the list'],
    [
      'https://*.internal/cb',
      'wildcard_public_suffix',
      'wildcard_strict wildcard_public_suffix',
      'wildcard_public_suffix',
      'an unlisted top level',
    ],
    [
      'https://*localhost/cb',
      'wildcard_swallows_domain',
      'wildcard_strict wildcard_swallows_domain',
      'wildcard_swallows_domain',
      'evillocalhost',
    ],
    [
      'https://xn--*.example.com/cb',
      'wildcard_punycode',
      'wildcard_strict wildcard_punycode',
      'wildcard_punycode',
      'half a code word',
    ],
    ['https://*.0.0.1/cb', 'host_malformed', 'host_malformed wildcard_strict', 'host_malformed', 'addresses'],
    everywhere('https://[*::1]/cb', 'host_malformed', 'inside an address'),
    ['https://*.Example.com/cb', 'not_canonical', 'not_canonical wildcard_strict', 'not_canonical', 'upper case'],
    everywhere('https://*.example.com./cb', 'host_trailing_dot', 'a trailing dot'),
    everywhere('https://*@evil.example/cb', 'userinfo', 'as a user name'),
  ],
  'hosting suffixes, where strangers are neighbours': [
    [
      'https://*-gitethanwoos-projects.vercel.app/callback',
      'ok, shared: shared_hosting',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'the guide’s case',
    ],
    [
      'https://app-*-gitethanwoos-projects.vercel.app/cb',
      'ok, shared: shared_hosting',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'prefix and suffix',
    ],
    [
      'https://*--mysite1.netlify.app/cb',
      'ok, shared: shared_hosting',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'Netlify previews',
    ],
    [
      'https://*-1234567.vercel.app/cb',
      'ok, shared: shared_hosting',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'exactly 8 characters',
    ],
    [
      'https://*-123456.vercel.app/cb',
      'wildcard_hosting_suffix',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      '7 characters',
    ],
    [
      'https://*.vercel.app/cb',
      'wildcard_hosting_suffix',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'everybody',
    ],
    [
      'https://gitethanwoos-app-*.vercel.app/cb',
      'wildcard_hosting_suffix',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'anybody can take a prefix',
    ],
    [
      'https://*-projects.vercel.app/cb',
      'wildcard_hosting_suffix',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'long, and yet everybody’s',
    ],
    [
      'https://*.github.io/cb',
      'wildcard_hosting_suffix',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'another service',
    ],
    [
      'https://*.s3.amazonaws.com/cb',
      'wildcard_hosting_suffix',
      'wildcard_strict wildcard_hosting_production',
      'wildcard_hosting_production',
      'buckets',
    ],
    ['https://*.preview.myteam.vercel.app/cb', 'ok', 'wildcard_strict', 'ok', 'below one customer’s host'],
    [
      'http://*-gitethanwoos-projects.vercel.app/cb',
      'ok, shared: shared_hosting http_unencrypted',
      'http_in_production wildcard_strict wildcard_hosting_production',
      'http_in_production wildcard_http_production wildcard_hosting_production',
      'over http',
    ],
  ],
};

describe('which redirect URIs may be registered', () => {
  for (const [group, rows] of Object.entries(registrations)) {
    describe(group, () => {
      for (const [uri, ...rest] of rows) {
        const [inStaging, inProduction, inProductionWithWildcards, why] = rest;
        it(`${show(uri)}: ${why}`, () => {
          assert.deepEqual(
            [verdict(uri, staging), verdict(uri, production), verdict(uri, productionWithWildcards)],
            [inStaging, inProduction, inProductionWithWildcards],
          );
        });
      }
    });
  }

  it('refuses a wildcard as the default, and takes the literal beside it', () => {
    const asDefault: RegistrationPolicy = { kind: 'staging', strict: false, asDefault: true };
    assert.deepEqual(
      ['https://*.preview.example.com/cb', 'http://localhost:*/cb', 'https://app.preview.example.com/cb'].map((uri) =>
        verdict(uri, asDefault),
      ),
      ['wildcard_default', 'wildcard_default', 'ok'],
    );
  });

  it('refuses every wildcard in a strict staging environment, too', () => {
    const strict: RegistrationPolicy = { kind: 'staging', strict: true };
    assert.deepEqual(
      ['https://*.preview.example.com/cb', 'http://localhost:*/cb', 'http://localhost:3000/cb'].map((uri) =>
        verdict(uri, strict),
      ),
      ['wildcard_strict', 'wildcard_strict', 'ok'],
    );
  });

  it('names the mistake and the right form in the message', () => {
    const message = (uri: string) => {
      const registration = checkRegistration(uri, production);
      return registration.allowed ? null : registration.problems.map((problem) => problem.message).join('\n');
    };
    assert.match(message('https://${VERCEL_URL}/callback') ?? '', /contains \$\{VERCEL_URL\} as plain text/);
    assert.match(message('localhost:3000/callback') ?? '', /http:\/\/localhost:3000\/callback$/);
    assert.match(message('example.com/callback') ?? '', /https:\/\/example\.com\/callback$/);
    assert.match(message('https://bücher.example/cb') ?? '', /https:\/\/xn--bcher-kva\.example\/cb/);
    assert.match(message('https://127.1/cb') ?? '', /as "127\.0\.0\.1"/);
    assert.match(message('https://Example.com/cb') ?? '', /as "example\.com"/);
    assert.match(message('https://example.com/cb?code=1') ?? '', /"state"/);
    assert.match(message('https://*example.com/cb') ?? '', /evilexample\.com/);
  });
});

type MatchRow = [registered: string, presented: string, answer: boolean, why: string];

const vercel = 'https://*-gitethanwoos-projects.vercel.app/callback';
const preview = 'https://*.preview.example.com/cb';
const anyPort = 'http://localhost:*/callback';

const matchings: Record<string, MatchRow[]> = {
  'an exact entry': [
    ['https://example.com/cb', 'https://example.com/cb', true, 'equal'],
    ['https://example.com/cb', 'https://example.com/cb/', false, 'a trailing slash'],
    ['https://example.com/cb/', 'https://example.com/cb', false, 'a missing slash'],
    ['https://example.com', 'https://example.com/', false, 'the same place to a browser, another string'],
    ['https://example.com/cb', 'http://example.com/cb', false, 'the scheme'],
    ['https://example.com/cb', 'https://www.example.com/cb', false, 'the host'],
    ['https://example.com/cb', 'https://example.com:443/cb', false, 'the default port, spelled out'],
    ['https://example.com/cb', 'https://example.com/CB', false, 'the case of the path'],
    ['https://example.com/cb', 'https://EXAMPLE.com/cb', false, 'the case of the host'],
    ['https://example.com/cb', 'https://example.com/cb?x=1', false, 'a query added'],
    ['https://example.com/cb?x=1', 'https://example.com/cb?x=1', true, 'the query belongs to it'],
    ['https://example.com/cb?x=1', 'https://example.com/cb?x=2', false, 'another value'],
    ['https://example.com/cb?x=1', 'https://example.com/cb', false, 'the query left out'],
    ['https://example.com/cb', 'https://example.com/cb#x', false, 'a fragment added'],
    ['https://example.com/cb', 'https://example.com/cb/../evil', false, 'a path that begins alike'],
    ['https://example.com/cb', 'https://example.com/c%62', false, 'an escape for the same letter'],
    ['https://example.com/cb', 'https://example.com.evil.example/cb', false, 'a host that begins alike'],
    ['https://example.com/cb', 'https://example.com@evil.example/cb', false, 'userinfo'],
    ['http://localhost:3000/callback', 'http://127.0.0.1:3000/callback', false, 'two names of one machine'],
    [
      'http://localhost:3000/callback',
      'http://localhost:3001/callback',
      false,
      'another port: no loopback exception for an exact entry',
    ],
    ['myapp://callback', 'myapp://callback', true, 'a private-use scheme'],
    ['myapp://callback', 'myapp://callback/', false, 'exact there, too'],
    ['https://example.com/cb', '', false, 'nothing'],
  ],
  'a wildcard under a domain of one’s own': [
    [preview, 'https://a.preview.example.com/cb', true, 'one label'],
    [preview, 'https://pr-12.preview.example.com/cb', true, 'a hyphen'],
    [preview, 'https://a_b.preview.example.com/cb', true, 'an underscore'],
    [preview, 'https://0.preview.example.com/cb', true, 'a digit'],
    [preview, `https://${a(63)}.preview.example.com/cb`, true, 'the longest label'],
    [preview, 'https://xn--bcher-kva.preview.example.com/cb', true, 'an international label'],
    [preview, `https://${a(64)}.preview.example.com/cb`, false, 'a label too long'],
    [preview, 'https://a.b.preview.example.com/cb', false, 'two labels'],
    [preview, 'https://preview.example.com/cb', false, 'no label'],
    [preview, 'https://.preview.example.com/cb', false, 'an empty label'],
    [preview, 'https://*.preview.example.com/cb', false, 'the pattern itself is no host'],
    [preview, 'https://A.preview.example.com/cb', false, 'hosts are written in lower case'],
    [preview, 'https://apreview.example.com/cb', false, 'the dot belongs to the pattern'],
    [preview, 'https://a.preview.example.com/cb/', false, 'the path is exact'],
    [preview, 'https://a.preview.example.com/cb?x=1', false, 'so is the query'],
    [preview, 'https://a.preview.example.com:8443/cb', false, 'so is the port'],
    [preview, 'http://a.preview.example.com/cb', false, 'so is the scheme'],
    [preview, 'https://a.preview.example.org/cb', false, 'so is the domain'],
    [preview, 'https://evil.example/a.preview.example.com/cb', false, 'the rest of the pattern as a path'],
    [preview, 'https://evil.example/.preview.example.com/cb', false, 'the same, shorter'],
    [preview, 'https://evil.example?.preview.example.com/cb', false, 'as a query'],
    [preview, 'https://evil.example#.preview.example.com/cb', false, 'as a fragment'],
    [preview, 'https://evil.example\\.preview.example.com/cb', false, 'behind a backslash'],
    [preview, 'https://evil@a.preview.example.com/cb', false, 'userinfo'],
    [preview, 'https://evil:x@.preview.example.com/cb', false, 'userinfo with a password'],
    [preview, 'https://evil.example:443.preview.example.com/cb', false, 'a port in the label'],
    [preview, 'https://a%2e.preview.example.com/cb', false, 'an encoded dot'],
    [preview, 'https://a%00.preview.example.com/cb', false, 'an encoded NUL'],
    [preview, 'https://a b.preview.example.com/cb', false, 'a space'],
    [preview, 'https://a\t.preview.example.com/cb', false, 'a tab, which browsers drop'],
    [preview, 'https://a\n.preview.example.com/cb', false, 'a line break'],
    [preview, 'https://a\n', false, 'a line break and nothing else'],
    [preview, 'https://a。b.preview.example.com/cb', false, 'an ideographic full stop'],
    [preview, 'https://é.preview.example.com/cb', false, 'a letter outside ASCII'],
    [preview, 'https://xn--a.preview.example.com/cb', false, 'broken punycode, which no browser opens'],
    ['https://pr-*-app.example.com/cb', 'https://pr-7-app.example.com/cb', true, 'prefix and suffix'],
    ['https://pr-*-app.example.com/cb', 'https://pr--app.example.com/cb', false, 'nothing between them'],
    ['https://pr-*-app.example.com/cb', 'https://pr-app.example.com/cb', false, 'one hyphen for both'],
    ['https://pr-*-app.example.com/cb', 'https://7-app.example.com/cb', false, 'without the prefix'],
    ['https://pr-*-app.example.com/cb', 'https://pr-7.example.com/cb', false, 'without the suffix'],
    ['https://xn-*.example.com/cb', 'https://xn--a.example.com/cb', false, 'the match completes broken punycode'],
    ['http://*.localhost:3000/cb', 'http://acme.localhost:3000/cb', true, 'a tenant on this machine'],
  ],
  'a wildcard under a hosting suffix': [
    [vercel, 'https://app-x1-gitethanwoos-projects.vercel.app/callback', true, 'the guide’s case'],
    [vercel, 'https://app-git-main-gitethanwoos-projects.vercel.app/callback', true, 'a branch'],
    [vercel, 'https://evil.vercel.app/callback', false, 'a neighbour'],
    [vercel, 'https://evil-projects.vercel.app/callback', false, 'a neighbour who ends alike'],
    [vercel, 'https://a.b-gitethanwoos-projects.vercel.app/callback', false, 'two labels'],
    [vercel, 'https://-gitethanwoos-projects.vercel.app/callback', false, 'nothing for the wildcard'],
    [vercel, 'https://app-gitethanwoos-projects.vercel.app.evil.example/callback', false, 'a host that goes on'],
    [vercel, 'https://app-gitethanwoos-projects.vercel.app/callback2', false, 'a path that goes on'],
  ],
  'a wildcard port': [
    [anyPort, 'http://localhost:3000/callback', true, 'any port'],
    [anyPort, 'http://localhost:1/callback', true, 'the lowest'],
    [anyPort, 'http://localhost:65535/callback', true, 'the highest'],
    [anyPort, 'http://localhost/callback', false, 'no port'],
    [anyPort, 'http://localhost:/callback', false, 'an empty port'],
    [anyPort, 'http://localhost:0/callback', false, 'port 0'],
    [anyPort, 'http://localhost:03000/callback', false, 'a leading zero'],
    [anyPort, 'http://localhost:65536/callback', false, 'too high'],
    [anyPort, 'http://localhost:123456/callback', false, 'six digits'],
    [anyPort, 'http://localhost:3000@evil.example:80/callback', false, 'userinfo'],
    [anyPort, 'http://localhost:x/callback', false, 'letters'],
    [anyPort, 'http://localhost:*/callback', false, 'the pattern itself'],
    [anyPort, 'http://127.0.0.1:3000/callback', false, 'another name of the machine'],
    ['http://127.0.0.1:*/cb', 'http://127.0.0.1:49152/cb', true, 'a native app'],
    ['http://[::1]:*/cb', 'http://[::1]:49152/cb', true, 'over IPv6'],
  ],
  'an entry that should not exist matches nothing': [
    ['https://*/cb', 'https://evil.example/cb', false, 'every host'],
    ['https://*', 'https://evil', false, 'everything'],
    ['https://*example.com/cb', 'https://evilexample.com/cb', false, 'swallows the domain'],
    ['https://*.com/cb', 'https://evil.com/cb', false, 'a public suffix'],
    ['https://*.vercel.app/cb', 'https://evil.vercel.app/cb', false, 'a bare hosting suffix'],
    ['https://app-*.vercel.app/cb', 'https://app-evil.vercel.app/cb', false, 'a prefix there'],
    ['https://example.com/*', 'https://example.com/evil', false, 'a path'],
    ['https://example.com:*/cb', 'https://example.com:8443/cb', false, 'a port of a real host'],
    ['myapp://*/cb', 'myapp://evil/cb', false, 'a private-use scheme'],
    ['https://*.*.example.com/cb', 'https://a.*.example.com/cb', false, 'two wildcards'],
    ['https://a.*.example.com/cb', 'https://a.b.example.com/cb', false, 'not the leftmost label'],
    ['https://x@*.example.com/cb', 'https://x@a.example.com/cb', false, 'with userinfo'],
  ],
};

describe('which requests an entry covers', () => {
  for (const [group, rows] of Object.entries(matchings)) {
    describe(group, () => {
      for (const [registered, presented, answer, why] of rows) {
        it(`${show(registered)} ${answer ? 'covers' : 'refuses'} ${show(presented)}: ${why}`, () => {
          assert.equal(matches(registered, presented), answer);
        });
      }
    });
  }

  it('cuts a pattern at its wildcard, and has none for what may not be registered anywhere', () => {
    assert.deepEqual(parsePattern('https://example.com/cb'), { kind: 'literal', uri: 'https://example.com/cb' });
    assert.deepEqual(parsePattern('https://pr-*-x.example.com/cb'), {
      kind: 'wildcard',
      before: 'https://pr-',
      after: '-x.example.com/cb',
      wildcard: { kind: 'label', prefix: 'pr-', suffix: '-x', parent: 'example.com' },
    });
    assert.equal(parsePattern('https://*.vercel.app/cb'), null);
  });
});

describe('finding the entry of a request', () => {
  const entries = [
    { id: 'redirect_uri_wild', uri: preview },
    { id: 'redirect_uri_exact', uri: 'https://a.preview.example.com/cb' },
    { id: 'redirect_uri_vercel', uri: vercel },
    { id: 'redirect_uri_port', uri: anyPort },
  ];
  const found = (presented: string) => {
    const match = findMatch(entries, presented);
    return match && { ...match, entry: match.entry.id };
  };

  it('prefers an exact entry to a wildcard that was there first', () => {
    assert.deepEqual(found('https://a.preview.example.com/cb'), {
      entry: 'redirect_uri_exact',
      viaWildcard: false,
      needsClientSecret: false,
      needsConfirmation: false,
    });
  });

  it('says when a wildcard did it', () => {
    assert.deepEqual(found('https://b.preview.example.com/cb'), {
      entry: 'redirect_uri_wild',
      viaWildcard: true,
      needsClientSecret: false,
      needsConfirmation: false,
    });
    assert.equal(found('http://localhost:4000/callback')?.needsClientSecret, false);
  });

  it('asks for the secret and a click where strangers are neighbours', () => {
    assert.deepEqual(found('https://app-x1-gitethanwoos-projects.vercel.app/callback'), {
      entry: 'redirect_uri_vercel',
      viaWildcard: true,
      needsClientSecret: true,
      needsConfirmation: true,
    });
  });

  it('finds nothing for a stranger, for a pattern, or in an empty list', () => {
    assert.equal(found('https://evil.vercel.app/callback'), null);
    assert.equal(found(preview), null);
    assert.equal(findMatch([], 'https://a.preview.example.com/cb'), null);
  });
});

describe('the guide docs/redirect-uris.md', () => {
  const guide = readFileSync(new URL('../../../../docs/redirect-uris.md', import.meta.url), 'utf8');

  it('says of each URI what registration says', () => {
    const rows = tableAfter(guide, '<!-- executed: registration -->');
    assert.ok(rows.length >= 10, 'the table is there');
    for (const [uri = '', ...answers] of rows) {
      const policies = [staging, production, productionWithWildcards];
      const told = policies.map((policy) => (checkRegistration(uri, policy).allowed ? 'yes' : 'no'));
      assert.deepEqual(told, answers.slice(0, policies.length), uri);
    }
  });

  it('says of each request what matching says', () => {
    const rows = tableAfter(guide, '<!-- executed: matching -->');
    assert.ok(rows.length >= 10, 'the table is there');
    for (const [registered = '', presented = '', answer] of rows) {
      assert.equal(matches(registered, presented) ? 'yes' : 'no', answer, `${registered} and ${presented}`);
    }
  });

  it('lists every code by which a URI is refused', () => {
    const codes = new Set(
      Object.values(registrations)
        .flat()
        .flatMap(([, ...answers]) => answers.slice(0, 3))
        .flatMap((answer) => answer.split(/^ok.*$| /)),
    );
    for (const code of [...codes, 'wildcard_default'].filter((each) => each !== ''))
      assert.ok(guide.includes(`\`${code}\``), `${code} is explained`);
  });
});

/** The cells of the first Markdown table after the marker, without their code marks. */
function tableAfter(page: string, marker: string): string[][] {
  const [, after] = page.split(marker);
  assert.ok(after, `${marker} is in the page`);
  const lines = after.trimStart().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

function show(uri: string): string {
  const escaped = JSON.stringify(uri).slice(1, -1);
  return escaped.length > 90 ? `${escaped.slice(0, 60)}… (${uri.length} characters)` : escaped || '(empty)';
}
