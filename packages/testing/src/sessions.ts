import { createHash, randomBytes } from 'node:crypto';
import { type Api, Refused } from './api.ts';
import { type BrowserContext, type BrowserCookie, contextOf, type Page } from './browser.ts';
import type { TestOrganization, TestUser } from './people.ts';
import type { Address } from './platform.ts';
import { seal } from './seal.ts';

type Proof = 'password' | 'magic_auth' | 'passkey' | 'totp';

export interface SessionOptions {
  /** Default: where the user was made a member, if anywhere. Null: none. */
  readonly organization?: Pick<TestOrganization, 'id'> | null;
  /** What they proved. Default `['password']`; a policy that asks for two factors wants `['password', 'totp']`. */
  readonly proved?: readonly Proof[];
  /** An operator who acts as them. */
  readonly impersonator?: { readonly email: string; readonly reason?: string };
}

export interface InjectedSession extends SessionOptions {
  /** Where the app is. Default: the `app` that the platform was started with. */
  readonly origin?: string;
  /**
   * `sealed`: the cookie that the server-side SDKs for JavaScript read. `spa`: what authkit-js and authkit-react read, in
   * a cookie of the platform and, for their `devMode`, in the page's local storage. Default `sealed`.
   */
  readonly kind?: 'sealed' | 'spa';
  /** Of the sealed cookie. Default `wos-session`. */
  readonly cookieName?: string;
}

/** What an app is answered when it exchanges its code. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The user as the API writes it. */
  readonly user: Readonly<Record<string, unknown>> & { readonly id: string; readonly email: string };
  readonly organizationId: string | null;
  readonly sessionId: string;
}

type Someone = Pick<TestUser, 'id'> & Partial<Pick<TestUser, 'organization'>>;

export interface Sessions {
  /** Starts a session without a page. The platform takes it for one of its own: it is refreshed, listed and revoked. */
  tokens(user: Someone, options?: SessionOptions): Promise<Session>;
  /** The same, sealed as the official SDKs seal it: the value of their session cookie. */
  sealedSession(user: Someone, options?: SessionOptions): Promise<string>;
  /** Signs a browser in without a page, at the app and at the platform's own pages. */
  session(browser: Page | BrowserContext, user: Someone, options?: InjectedSession): Promise<void>;
}

interface Answer {
  readonly user: Session['user'];
  readonly organization_id?: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly authentication_method: string;
  readonly impersonator?: unknown;
}

interface SignedIn {
  readonly code: string;
  readonly browser_cookie: { readonly name: string; readonly value: string } | null;
}

export function sessionsOf(
  api: Api,
  { url, clientId, apiKey }: Address,
  cookiePassword: string,
  appOrigin: string | undefined,
): Sessions {
  const signIn = (user: Someone, options: SessionOptions, codeChallenge?: string): Promise<SignedIn> => {
    const { organization = user.organization, proved, impersonator } = options;
    return api.call('POST', '/dev/sign-ins', {
      user_id: user.id,
      organization_id: organization?.id ?? null,
      ...(proved && { proved }),
      ...(impersonator && { impersonator }),
      ...(codeChallenge && { code_challenge: codeChallenge }),
    });
  };

  const exchange = (code: string): Promise<Answer> =>
    api.call('POST', '/user_management/authenticate', {
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: apiKey,
      code,
    });

  async function injectSealed(context: BrowserContext, user: Someone, origin: string, options: InjectedSession) {
    const { code, browser_cookie: own } = await signIn(user, options);
    const sealed = seal(sealedContent(await exchange(code)), cookiePassword);
    await context.addCookies([
      { name: options.cookieName ?? 'wos-session', value: sealed, url: origin, ...hidden(origin) },
      ...platformCookie(url, own),
    ]);
  }

  async function injectSpa(context: BrowserContext, user: Someone, origin: string, options: InjectedSession) {
    const verifier = randomBytes(32).toString('base64url');
    const { code, browser_cookie: own } = await signIn(
      user,
      options,
      createHash('sha256').update(verifier).digest('base64url'),
    );
    const path = '/user_management/authenticate';
    // As the app's page does it: without a secret, and with its origin.
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ grant_type: 'authorization_code', client_id: clientId, code, code_verifier: verifier }),
    });
    if (!response.ok) throw new Refused(`POST ${path}`, response.status, await response.text());
    const { refresh_token: refreshToken } = (await response.json()) as Answer;
    await context.addCookies([
      ...response.headers.getSetCookie().map((line) => cookieOf(line, url)),
      ...platformCookie(url, own),
    ]);
    await store(context, origin, { [`workos:refresh-token:${clientId}`]: refreshToken });
  }

  return {
    async tokens(user, options = {}) {
      return toSession(await exchange((await signIn(user, options)).code));
    },
    async sealedSession(user, options = {}) {
      return seal(sealedContent(await exchange((await signIn(user, options)).code)), cookiePassword);
    },
    async session(browser, user, options = {}) {
      const origin = options.origin ?? appOrigin;
      if (origin === undefined)
        throw new TypeError('Say where the app is: `app` of createAuthKit, or `origin` of session.');
      const inject = options.kind === 'spa' ? injectSpa : injectSealed;
      await inject(contextOf(browser), user, origin, options);
    },
  };
}

function toSession({ access_token: accessToken, refresh_token: refreshToken, ...answer }: Answer): Session {
  const payload = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
  return {
    accessToken,
    refreshToken,
    user: answer.user,
    organizationId: answer.organization_id ?? null,
    sessionId: payload.sid,
  };
}

/** Every member that one of the SDKs reads, spelled as they spell it. */
function sealedContent(answer: Answer): Readonly<Record<string, unknown>> {
  return {
    organizationId: answer.organization_id,
    user: Object.fromEntries(Object.entries(answer.user).map(([name, value]) => [camelCase(name), value])),
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    authenticationMethod: answer.authentication_method,
    impersonator: answer.impersonator,
  };
}

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const hidden = (url: string) => ({ httpOnly: true, secure: url.startsWith('https:'), sameSite: 'Lax' as const });

const platformCookie = (url: string, cookie: SignedIn['browser_cookie']): BrowserCookie[] =>
  cookie ? [{ ...cookie, url, ...hidden(url) }] : [];

/** As a `Set-Cookie` line has it, for the host that sent it. */
function cookieOf(line: string, url: string): BrowserCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const has = (name: string) => attributes.some((attribute) => attribute.toLowerCase() === name);
  const sameSite = attributes.find((attribute) => /^samesite=/i.test(attribute))?.split('=')[1];
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    url,
    httpOnly: has('httponly'),
    secure: has('secure'),
    ...(sameSite && { sameSite: sameSite as 'Lax' | 'None' | 'Strict' }),
  };
}

/** Local storage belongs to an origin, so a page of it is opened, whose answer is an empty one of ours. */
async function store(context: BrowserContext, origin: string, values: Readonly<Record<string, string>>): Promise<void> {
  const page = await context.newPage();
  try {
    await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(`${origin}/`);
    await page.evaluate(`Object.assign(localStorage, ${JSON.stringify(values)})`);
  } finally {
    await page.close();
  }
}
