/** Sessions as time goes by: access tokens run out, tabs race, somebody ends the session elsewhere. */
import assert from 'node:assert/strict';
import type { Walk } from '../example.ts';
import { formsOf } from '../hosted.ts';
import { ask, me, seesAccount, seesHello, seesWelcome } from '../pages.ts';
import { longAgo, longGone, newcomer, regular } from '../people.ts';
import type { Stage } from '../stage.ts';

const LATECOMERS = 20;

export const staying = {
  renewal: {
    says: 'renews an access token that has run out, unseen, and only then',
    async walk(stage) {
      const { visitor, person } = await longAgo(stage, regular);
      await using _ = visitor;
      const { page } = visitor;
      const expired = await visitor.session();
      await visitor.open('/account');
      await seesAccount(page, person);
      const renewed = await visitor.session();
      assert.notEqual(renewed, expired);
      await page.reload();
      await seesAccount(page, person);
      assert.equal(await visitor.session(), renewed, 'a token that is still good is not renewed');
      assert.equal((await me(stage, visitor)).user.id, person.id);
    },
  },

  'two-tabs': {
    says: 'keeps two tabs signed in that renew at once',
    walk: (stage) => inTabs(stage, 2),
  },

  'five-tabs': {
    says: 'keeps five tabs signed in that renew at once',
    walk: (stage) => inTabs(stage, 5),
  },

  latecomers: {
    says: 'answers requests that left with the cookie of before',
    async walk(stage) {
      const { visitor, person } = await longAgo(stage, regular);
      await using _ = visitor;
      const expired = await visitor.session();
      await visitor.open('/account');
      await seesAccount(visitor.page, person);
      const late = () => fetch(`${stage.app.url}/account`, { redirect: 'manual', headers: { cookie: expired } });
      const answers = await Promise.all(Array.from({ length: LATECOMERS }, late));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      await visitor.page.reload();
      await seesAccount(visitor.page, person);
    },
  },

  ended: {
    says: 'notices when the session was ended elsewhere',
    async walk(stage) {
      const { visitor, person } = await longAgo(stage, newcomer);
      await using _ = visitor;
      for (const session_id of await activeSessions(stage, person.id))
        await stage.api('POST', '/user_management/sessions/revoke', { session_id });
      await visitor.open('/');
      await seesWelcome(visitor.page);
      assert.equal((await ask(stage, visitor, '/api/me')).status(), 401);
      await visitor.open('/account');
      assert.equal(new URL(visitor.page.url()).origin, formsOf(stage));
      await visitor.page.getByLabel('Email', { exact: true }).waitFor();
    },
  },

  outlived: {
    says: 'shows somebody signed out whose session has come to its end',
    async walk(stage) {
      const { visitor } = await longGone(stage, { provokes: true });
      await using _ = visitor;
      await visitor.open('/');
      await seesWelcome(visitor.page);
      if (stage.sessionCookie) assert.equal((await ask(stage, visitor, '/api/me')).status(), 401);
      await visitor.open('/account');
      await visitor.page.getByLabel('Email', { exact: true }).waitFor();
      assert.equal(new URL(visitor.page.url()).origin, formsOf(stage));
    },
  },

  'forged-session': {
    says: 'takes no session cookie that it did not seal',
    async walk(stage) {
      const { app, sessionCookie } = stage;
      const { visitor } = await regular(stage);
      await using _ = visitor;
      const sealed = (await visitor.session()).slice(`${sessionCookie}=`.length);
      const nonsense = ['forged', 'Fe26.2*1*a*b*c**d*e~2', 'Fe26.2**a*b*c**d*e~2', 'j:{}', 'eyJhbGciOiJub25lIn0.e30.'];
      for (const value of [...nonsense, ...tampered(sealed)]) {
        const headers = { cookie: `${sessionCookie}=${value}` };
        assert.equal((await fetch(`${app.url}/api/me`, { headers })).status, 401, value);
        const page = await fetch(`${app.url}/account`, { headers, redirect: 'manual' });
        assert.ok([302, 303, 307].includes(page.status), `${value}: answered ${page.status}`);
      }
    },
  },
} satisfies Record<string, Walk>;

/** One character is another, in the middle or near the end; a part of it; and inside what a signed cookie would hold. */
function tampered(sealed: string): readonly string[] {
  const places = [sealed.length >> 1, sealed.length - 10];
  const changed = places.map((at) => sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1));
  const wrapped = Buffer.from(JSON.stringify({ jwt: sealed })).toString('base64');
  return [...changed, sealed.slice(0, -10), encodeURIComponent(`${wrapped}.${'A'.repeat(43)}`)];
}

/** Each loads a page of its own with one expired token, and then once more with what came of it. */
async function inTabs(stage: Stage, count: number): Promise<void> {
  const { visitor, person } = await longAgo(stage, regular);
  await using _ = visitor;
  const { context } = visitor;
  const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
  const inAll = (visit: (page: (typeof tabs)[number]) => Promise<unknown>) => Promise.all(tabs.map(visit));
  await inAll((page) => page.goto(`${stage.app.url}/account`));
  await inAll((page) => seesAccount(page, person));
  await inAll((page) => page.goto(`${stage.app.url}/`));
  await inAll((page) => seesHello(page, person));
  const { sessionId } = await me(stage, visitor);
  assert.ok((await activeSessions(stage, person.id)).includes(sessionId));
}

/** The ids of the person's sessions at the platform that have not ended. */
export async function activeSessions(stage: Stage, userId: string): Promise<readonly string[]> {
  const path = `/user_management/users/${userId}/sessions?limit=100`;
  const { data } = await stage.api<{ data: { id: string; status: string }[] }>('GET', path);
  return data.filter(({ status }) => status === 'active').map(({ id }) => id);
}
