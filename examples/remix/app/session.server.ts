/** The session in a cookie, as the SDK sealed it: encrypted and authenticated already. */
import { createSession, type SessionStorage } from '@remix-run/node';
import { getConfig } from '@workos-inc/authkit-remix';
import { parse, serialize } from 'cookie';
import { unsealData } from 'iron-session';

/** Browsers drop a longer one, silently. */
const MAX_COOKIE_BYTES = 4096;

// docs: storage
const storage: SessionStorage = {
  async getSession(header) {
    const jwt = parse(header ?? '')[getConfig('cookieName')] ?? '';
    return createSession((await isSealedHere(jwt)) ? { jwt } : {});
  },
  commitSession: async (session) => sessionCookie(session.get('jwt'), getConfig('cookieMaxAge')),
  destroySession: async () => sessionCookie('', 0),
};

/** For `authLoader` and each `authkitLoader`: whichever runs first after a start decides for all. */
export const sessionOptions = { storage, cookie: { name: getConfig('cookieName') } };

/** The SDK fails on a value that somebody else made, or tampered with. Here that is no session. */
async function isSealedHere(value: string): Promise<boolean> {
  const password = getConfig('cookiePassword');
  const session = await unsealData<object>(value, { password }).catch(() => ({}));
  return 'accessToken' in session;
}

export function sessionCookie(value: string, maxAge: number): string {
  const secure = new URL(getConfig('redirectUri')).protocol === 'https:';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge } as const;
  const cookie = serialize(getConfig('cookieName'), value, options);
  if (cookie.length > MAX_COOKIE_BYTES)
    throw new Error(`Its claims make the session too long: ${cookie.length} bytes.`);
  return cookie;
}
// docs: end
