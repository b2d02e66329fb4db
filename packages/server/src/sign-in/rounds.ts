import { type CookieToSet, type RequestInfo, type Services, seconds } from '../core/index.ts';
import { type Client, toRedirects } from '../environments/index.ts';
import { say } from '../texts/index.ts';
import { SignInLoop } from './errors.ts';

/** A person who goes back and forth by hand takes longer; a browser gives up at twenty redirects, without a word. */
const maxRounds = 5;
const windowMs = seconds(10);

type Kind = 'endpoint' | 'silent';

/** What goes round, for those who build the app. */
const notes: Record<Kind, readonly { readonly label: string; readonly value: string }[]> = {
  endpoint: [
    {
      label: 'What happens',
      value: 'We send the browser to the sign-in endpoint, and it comes back here without an authorization request.',
    },
    {
      label: 'What to do',
      value:
        'The sign-in endpoint has to build an authorization URL with the SDK and redirect to that, not to this page.',
    },
  ],
  silent: [
    {
      label: 'What happens',
      value: 'The person is signed in, the app gets a code each time, and at once asks for another one.',
    },
    {
      label: 'What to do',
      value:
        'Look at the app’s callback: it redeems the code, but its session cookie does not arrive at the next page. Usual reasons are another host name than the redirect URI’s, a Secure cookie over http, or a cookie password that changes at each start.',
    },
  ],
};

/**
 * Counts one more time that this browser was sent on at once, so that an app that sends it straight back is told from a
 * person. Kept in a cookie of the browser: it is about this browser only, and whoever changes it harms nobody else.
 *
 * @returns the cookie that goes with the redirect
 * @throws {SignInLoop} at the sixth time in ten seconds; the way on begins to count anew
 */
export function countRound(
  { now }: Pick<Services, 'now'>,
  client: Client,
  kind: Kind,
  request: RequestInfo,
): CookieToSet {
  const name = `authkit-rounds-${kind}-${client.applicationId.toLowerCase()}`;
  const at = now().getTime();
  const [, times = '0', since = '0'] = /^(\d{1,3})\.(\d{1,16})$/.exec(request.cookie(name) ?? '') ?? [];
  const isRecent = Math.abs(at - Number(since)) <= windowMs;
  const count = isRecent ? Number(times) + 1 : 1;
  if (count <= maxRounds) return { name, value: `${count}.${isRecent ? since : at}`, maxAgeSeconds: windowMs / 1000 };
  throw new SignInLoop({
    heading: 'errors.loop',
    message: say('errors.loopWhy', { app: client.applicationName }),
    advice: 'errors.loopAdvice',
    // Only a path: in its absolute form a request target can name another host (RFC 9112 section 3.2.2).
    restart: request.url.startsWith('/') ? { label: 'common.tryAgain', url: request.url } : null,
    clientId: client.clientId,
    cookies: [{ name, value: '' }],
    developer: {
      title: 'The sign-in goes round in circles',
      rows: notes[kind],
      fix: toRedirects,
    },
  });
}
