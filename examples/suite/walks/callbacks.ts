/** Coming back from where people sign in: with what another browser began, and twice. */
import assert from 'node:assert/strict';
import type { Walk } from '../example.ts';
import { ask, seesHello, seesWelcome } from '../pages.ts';
import { atPlatform } from '../people.ts';
import type { Person, Stage } from '../stage.ts';
import type { Visitor } from '../visitor.ts';

/** How a sign-in begins that ends at the callback. */
export interface Start {
  /** Of the app. */
  readonly path: string;
  /** All that the person does until then. */
  readonly proceed: (visitor: Visitor, person: Person) => Promise<void>;
  /** Waits until the callback of somebody else has come to its end, where that takes a script. */
  readonly settled?: (victim: Visitor) => Promise<void>;
}

/** The platform knows the person already, and so it asks for nothing. */
export const unasked: Start = { path: '/login', proceed: async () => {} };

export const callbacks = {
  'foreign-callback': {
    says: 'signs nobody in with a callback that another browser began',
    walk: (stage) => foreignCallback(stage),
  },

  'replayed-callback': {
    says: 'answers a callback that comes again with a page or a way on, and keeps who was signed in by it',
    walk: (stage) => replayedCallback(stage),
  },
} satisfies Record<string, Walk>;

/** Login CSRF: somebody stops before their own callback, and lures a person to its address. */
export async function foreignCallback(stage: Stage, start = unasked): Promise<void> {
  for (const isUnderWay of [false, true]) {
    const { url } = await stoppedCallback(stage, start);
    await using victim = await stage.visit({ provokes: true });
    // A sign-in of their own leaves them a note that must not be taken for the stranger's.
    if (isUnderWay) await victim.open(start.path);
    await victim.page.goto(url).catch((error: Error) => {
      // A page that asks for a sign-in as soon as it runs has gone on before it was loaded.
      if (!error.message.includes('interrupted by another navigation')) throw error;
    });
    await start.settled?.(victim);
    await victim.open('/');
    await seesWelcome(victim.page);
    assert.equal(await victim.session(), '');
    if (stage.sessionCookie) assert.equal((await ask(stage, victim, '/api/me')).status(), 401);
  }
}

/** What happens where an SDK does not tie a sign-in to the browser: its guide has to say so. */
export async function signsInByForeignCallback(stage: Stage): Promise<void> {
  const { url, person } = await stoppedCallback(stage, unasked);
  await using victim = await stage.visit({ provokes: true });
  await victim.page.goto(url);
  await victim.open('/');
  await seesHello(victim.page, person);
}

export async function replayedCallback(stage: Stage, start = unasked): Promise<void> {
  const { session, again, person } = await sentTwice(stage, start);
  const text = await again.text();
  assert.ok(again.status >= 300 && again.status < 500, `answered ${again.status}: ${text}`);
  if (again.status >= 400) assert.match(text, /sign(ed)? in/i, 'people read what to do');
  const answer = await fetch(`${stage.app.url}/api/me`, { headers: { cookie: session } });
  assert.equal(((await answer.json()) as { user: { id: string } }).user.id, person.id);
}

/** What happens where an SDK lets the platform's refusal of a spent code through. */
export async function failsOnReplayedCallback(stage: Stage): Promise<void> {
  const { again } = await sentTwice(stage, unasked);
  assert.equal(again.status, 500);
}

/** The second time with the very cookies of the first, as by a browser that never got its answer. */
async function sentTwice(stage: Stage, start: Start) {
  const { url, cookie, person } = await stoppedCallback(stage, start);
  const send = () => fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' } });
  const first = await send();
  const session = first.headers.getSetCookie().find((line) => line.startsWith(`${stage.sessionCookie}=`));
  assert.ok(first.status < 400 && session, `answered ${first.status}`);
  return { session: session.split(';')[0] ?? '', again: await send(), person };
}

interface Stopped {
  readonly url: string;
  /** Of the browser that began, for the app. */
  readonly cookie: string;
  readonly person: Person;
}

/** Signs somebody in up to the callback, which is asked for and never sent. */
async function stoppedCallback(stage: Stage, { path, proceed }: Start): Promise<Stopped> {
  const { app, example } = stage;
  const callback = `${app.url}${example.callback ?? '/callback'}?`;
  const { visitor, person } = await atPlatform(stage, { provokes: true });
  await using _ = visitor;
  const { page, context } = visitor;
  const devtools = await context.newCDPSession(page);
  devtools.on('Fetch.requestPaused', ({ requestId }) => {
    void devtools.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
  });
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: `${callback}*` }] });
  const asked = page.waitForRequest((request) => request.url().startsWith(callback));
  const stopped = async () => {
    await visitor.open(path);
    await proceed(visitor, person);
  };
  const [request] = await Promise.all([asked, stopped().catch(() => {})]); // What was stopped is an error to the page.
  const cookies = await context.cookies(request.url());
  return { url: request.url(), person, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
}
