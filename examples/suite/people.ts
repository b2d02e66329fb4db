/** Who walks: browsers in which somebody is known to the platform, or signed in to the app. */
import { ask, seesHello, signIn } from './pages.ts';
import type { Person, Stage } from './stage.ts';
import type { VisitOptions, Visitor } from './visitor.ts';

/** Longer than a session may last (30 days). */
const SESSION_OUTLIVED_MS = 31 * 24 * 3_600_000;

export interface SignedIn {
  readonly person: Person;
  readonly visitor: Visitor;
}

/** For people who will not type one: to hash it takes longer than the rest of a sign-in. */
const noPassword = { password: undefined };

type More = Readonly<Record<string, unknown>>;

/**
 * A fresh browser with a person of its own, whom the platform knows from before: it asks for nothing. Not signed in to the
 * app. @param more - fields of their user
 */
export async function atPlatform(stage: Stage, options: VisitOptions = {}, more: More = {}): Promise<SignedIn> {
  const person = await stage.person(stage.example.ownForms ? more : { ...more, ...noPassword });
  const cookies = [await platformCookie(stage, person)];
  return { person, visitor: await stage.visit({ ...options, storageState: { cookies, origins: [] } }) };
}

/**
 * A fresh browser in which a person of its own has signed in to the app. That forms take a password is proved by the
 * walks that are about it; here the platform knows the person already, which is sooner.
 */
export async function newcomer(stage: Stage, options: VisitOptions = {}, more: More = {}): Promise<SignedIn> {
  if (stage.example.ownForms) {
    const person = await stage.person(more);
    const visitor = await stage.visit(options);
    await signIn(stage, visitor, person);
    return { person, visitor };
  }
  const arrived = await atPlatform(stage, options, more);
  await arrive(stage, arrived);
  return arrived;
}

/** The same with the person whom all walks share. Not for walks that end the person's session at the platform. */
export async function regular(stage: Stage, options: VisitOptions = {}): Promise<SignedIn> {
  const { known } = stage;
  if (stage.example.ownForms) return newcomer(stage, options); // A password each time: no page knows them already.
  known.person ??= await stage.person(noPassword);
  known.cookies ??= [await platformCookie(stage, known.person)];
  const { person, cookies } = known;
  const visitor = await stage.visit({ ...options, storageState: { cookies, origins: [] } });
  await arrive(stage, { person, visitor });
  return { person, visitor };
}

/**
 * Signed in 400 s ago, so that the access token has run out by the app's clock. The page is left before the platform's
 * clock returns: what it still asks the app for would bring a token that is good. A renewal that was under way then has
 * spent a refresh token without telling the browser of its successor; one more request fetches that while it may be had.
 *
 * @param how - `regular` or `newcomer`
 */
export const longAgo = (stage: Stage, how: typeof regular, options: VisitOptions = {}): Promise<SignedIn> =>
  stage.longAgo(() => thenGone(stage, how(stage, options)));

/** Signed in so long ago that the session itself has come to its end. */
export const longGone = (stage: Stage, options: VisitOptions = {}): Promise<SignedIn> =>
  stage.longAgo(() => thenGone(stage, newcomer(stage, options)), SESSION_OUTLIVED_MS);

async function thenGone(stage: Stage, arriving: Promise<SignedIn>): Promise<SignedIn> {
  const signedIn = await arriving;
  await signedIn.visitor.page.goto('about:blank');
  if (stage.sessionCookie) await ask(stage, signedIn.visitor, '/api/me');
  return signedIn;
}

async function arrive({ app }: Stage, { person, visitor }: SignedIn): Promise<void> {
  await visitor.open('/login');
  await visitor.page.waitForURL(`${app.url}/`);
  await seesHello(visitor.page, person);
}

/** The one by which the platform knows a browser in which they signed in. */
async function platformCookie({ api, platform }: Stage, { id }: Person) {
  type Answer = { browser_cookie: { name: string; value: string } };
  const { browser_cookie: cookie } = await api<Answer>('POST', '/dev/sign-ins', { user_id: id, organization_id: null });
  const { hostname: domain } = new URL(platform.url);
  return { ...cookie, domain, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const };
}
