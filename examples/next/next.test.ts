/** The walks of every example, and what only this one shows: both kinds of protection, components, the edge, previews. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../../packages/server/test/processes.ts';
import { type App, startApp } from '../suite/app.ts';
import { enterCredentials } from '../suite/hosted.ts';
import { describeExample, type Example, type Stage } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { ask, seesAccount, signIn } from '../suite/pages.ts';
import { newcomer } from '../suite/people.ts';
import { describePreviews } from '../suite/previews.ts';
import { stageWith } from '../suite/stage.ts';
import { activeSessions } from '../suite/walks/staying.ts';

const environment: Example['environment'] = ({ WORKOS_REDIRECT_URI, ...others }) => ({
  ...others,
  NEXT_PUBLIC_WORKOS_REDIRECT_URI: WORKOS_REDIRECT_URI,
});

const example: Example = {
  name: 'next',
  sdk: {
    package: '@workos-inc/authkit-nextjs',
    previous: '3.0.1',
    previousWithout: { outage: 'Before 4.0 this SDK forgets the session whenever a renewal fails, also in an outage.' },
    // Next.js 15 knows the file by its older name only.
    previousSays: 'with Next.js 15, where `proxy.ts` is called `middleware.ts`',
    previousSetting: {
      beside: ['next@15'],
      adapted: (name, text) => [name === 'proxy.ts' ? 'middleware.ts' : name, text],
    },
  },
  environment,
  added: {
    'app/ensured/page.tsx': `import { withAuth } from '@workos-inc/authkit-nextjs';

export default async function Ensured() {
  const { user } = await withAuth({ ensureSignedIn: true });
  return <h1>{user.email}</h1>;
}
`,
  },
  forgedAnswer: 500,
  awayAnswer: 307,
  without: { 'csrf-token': 'Next.js compares the origins of server actions; there is no token.' },
};

describeExample(example, (stage) => {
  lateSignOut(stage);

  it('shows the same person and details in a server and in a client component', async () => {
    const claims = { permissions: ['documents:read'], entitlements: ['audit-logs'], feature_flags: ['new-editor'] };
    await stage().api('PUT', '/user_management/jwt_template', { content: JSON.stringify(claims) });
    const person = await stage().person({ last_name: 'Lovelace' });
    const { id } = await stage().api<{ id: string }>('POST', '/organizations', { name: 'Umbrella' });
    await stage().api('POST', '/user_management/organization_memberships', { user_id: person.id, organization_id: id });
    await using visitor = await stage().visit();
    const { page } = visitor;
    await signIn(stage(), visitor, person);
    const facts = async (path: string, heading: string) => {
      await visitor.open(path);
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      const texts = (await page.locator('dt, dd').allTextContents()).map((text) => text.trim());
      return Object.fromEntries(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1]]] : [])));
    };
    const onServer = await facts('/account', 'Account');
    const { Session, ...rest } = onServer;

    assert.match(Session ?? '', /^session_/);
    assert.deepEqual(rest, {
      Name: 'Ada Lovelace',
      Email: person.email,
      User: person.id,
      Organization: id,
      Role: 'member',
      Roles: 'member',
      Permissions: 'documents:read',
      Entitlements: 'audit-logs',
      'Feature flags': 'new-editor',
      Impersonator: 'None',
    });
    assert.deepEqual(await facts('/profile', 'Profile'), onServer);
  });

  it('reads the redirect URI in a function at the edge, and the person', async () => {
    const { visitor, person } = await newcomer(stage());
    await using _ = visitor;
    assert.deepEqual(await (await ask(stage(), visitor, '/api/edge')).json(), {
      runtime: 'edge',
      redirectUri: stage().environment.WORKOS_REDIRECT_URI,
      email: person.email,
    });
  });

  it('sends signed-out people from a client component to sign in, and shows them nothing before', async () => {
    const person = await stage().person();
    await using visitor = await stage().visit();
    const { page, context } = visitor;
    const headings: string[] = [];
    await context.exposeFunction('noteHeading', (text: string) => headings.push(text));
    await context.addInitScript(`new MutationObserver(() => {
      for (const heading of document.querySelectorAll('h1')) noteHeading(heading.textContent);
    }).observe(document, { childList: true, subtree: true, characterData: true })`);
    const html = await (await ask(stage(), visitor, '/profile')).text();
    await visitor.open('/profile');
    await page.waitForURL(({ origin }) => origin === stage().platform.url);

    assert.match(html, /One moment/);
    assert.doesNotMatch(html, /<dl>/);
    assert.ok(headings.includes('One moment…'), 'the notes were taken');
    assert.ok(!headings.includes('Profile'));
    await enterCredentials(page, stage(), person);
    await page.waitForURL(`${stage().app.url}/`); // The README says so: not where it began.
  });

  it('notices, when somebody comes back to a page, that the session has ended', async () => {
    const { platform } = stage();
    const { visitor, person } = await stage().longAgo(async () => {
      const arrived = await newcomer(stage(), { provokes: true });
      await arrived.visitor.open('/profile');
      await arrived.visitor.page.getByRole('heading', { name: 'Profile', exact: true }).waitFor();
      return arrived;
    });
    await using _ = visitor;
    await endSessions(stage(), person.id);
    await visitor.page.evaluate(`window.dispatchEvent(new Event('focus'))`);
    await visitor.page.waitForURL(({ origin }) => origin === platform.url);
    await visitor.page.getByLabel('Email', { exact: true }).waitFor();
    assert.equal(await visitor.session(), '');
    assert.deepEqual(
      stage().notes.complaints.filter((line) => line.startsWith('uncaught')),
      [],
    );
  });

  it('explains a sign-in that failed on a page, and keeps no part of it', async () => {
    await using visitor = await stage().visit({ provokes: true });
    await visitor.open('/callback?code=stolen&state=foreign');
    await visitor.page.waitForURL(`${stage().app.url}/sign-in-failed`);
    await visitor.page.getByRole('heading', { name: 'You are not signed in', exact: true }).waitFor();
    assert.equal(await visitor.session(), '');
  });

  it('answers 500 where a page itself calls `withAuth({ ensureSignedIn: true })` for somebody who is signed out', async () => {
    await using visitor = await stage().visit({ provokes: true });
    const refused = await ask(stage(), visitor, '/ensured');
    assert.equal(refused.status(), 500);
    assert.match(stage().app.log(), /Cookies can only be modified in a Server Action or Route Handler/);
    const { visitor: someone, person } = await newcomer(stage());
    await using _ = someone;
    await someone.open('/ensured');
    await someone.page.getByRole('heading', { name: person.email, exact: true }).waitFor();
  });

  it('refuses a cookie password of 31 characters', async () => {
    await using app = await another(stage(), { WORKOS_COOKIE_PASSWORD: cookiePassword(31) });
    assert.equal((await fetch(app.url)).status, 500);
    assert.match(app.log(), /valid cookie password that is at least 32 characters/);
  });

  it('ends at its start when there is no cookie password', async () => {
    const starting = another(stage(), { WORKOS_COOKIE_PASSWORD: '' });
    await assert.rejects(starting, /WORKOS_COOKIE_PASSWORD is not set\. Copy \.env\.example to \.env\.local/);
  });

  describeAllProtected(stage);
  describePreviews(stage, (changes) => another(stage(), { WORKOS_COOKIE_PASSWORD: cookiePassword(44), ...changes }));
});

/** Of letters that a cookie, a shell or a URL could trip over. */
const cookiePassword = (length: number): string => 'pa"ss w0rd\'$#!é'.repeat(3).slice(0, length);

/** The same build as another process, on a port of its own. */
async function another({ folder, environment: values, platform }: Stage, changes: Record<string, string>) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const redirectUri = { uri: `${url}/callback` };
  assert.ok((await platform.api('POST', '/user_management/redirect_uris', redirectUri)).ok);
  return startApp(folder, port, { ...environment?.({ ...values, WORKOS_REDIRECT_URI: redirectUri.uri }), ...changes });
}

/** Middleware auth: all paths are for signed-in people, but those of the list. */
function describeAllProtected(stage: () => Stage): void {
  describe('with PROTECT_ALL_PATHS, and a cookie password of 32 characters', () => {
    let app: App;
    before(async () => {
      app = await another(stage(), { PROTECT_ALL_PATHS: 'true', WORKOS_COOKIE_PASSWORD: cookiePassword(32) });
    });
    after(() => app?.[Symbol.asyncDispose]());
    const asOther = (walk: (stage: Stage) => Promise<void>) => walk(stageWith(stage(), { app }));

    it('lets nobody in but to the list', () =>
      asOther(async ({ app, platform }) => {
        const authorize = `${platform.url}/user_management/authorize`;
        const answer = async (path: string, method = 'GET') => {
          const response = await fetch(app.url + path, { method, redirect: 'manual' });
          return [response.status, response.headers.get('location')?.split('?')[0] ?? null];
        };
        assert.deepEqual(await answer('/'), [200, null]);
        assert.deepEqual(await answer('/login'), [307, authorize]);
        assert.deepEqual(await answer('/api/me'), [401, null]);
        assert.deepEqual(await answer('/sign-in-failed'), [200, null]);
        assert.deepEqual(await answer('/callback'), [307, `${app.url}/sign-in-failed`]);
        for (const path of ['/account', '/account/a/b', '/profile', '/somewhere', '/login/more', '//account', '/Login'])
          assert.equal((await answer(path))[0], path === '//account' ? 308 : 307, path);
        for (const path of ['/account', '/somewhere'])
          assert.deepEqual(
            [await answer(path), await answer(path, 'POST')],
            [
              [307, authorize],
              [303, authorize],
            ],
          );
      }));

    it('returns to the same path after signing in, and renews the token', () =>
      asOther(async (other) => {
        const person = await other.person();
        await using visitor = await other.visit();
        await other.longAgo(async () => {
          await visitor.open('/account/a/b?x=1');
          await enterCredentials(visitor.page, other, person);
          await visitor.page.waitForURL(`${other.app.url}/account/a/b?x=1`);
          await seesAccount(visitor.page, person);
        });
        const expired = await visitor.session();
        await visitor.open('/account');
        await seesAccount(visitor.page, person);
        assert.notEqual(await visitor.session(), expired);
      }));

    it('notices a session that ended while a page is open', () =>
      asOther(async (other) => {
        const { visitor, person } = await other.longAgo(async () => {
          const arrived = await newcomer(other, { provokes: true });
          await arrived.visitor.open('/account');
          await seesAccount(arrived.visitor.page, arrived.person);
          return arrived;
        });
        await using _ = visitor;
        await endSessions(other, person.id);
        await visitor.page.evaluate(`window.dispatchEvent(new Event('focus'))`);
        await visitor.page.waitForURL(({ origin }) => origin === other.platform.url);
        await visitor.page.getByLabel('Email', { exact: true }).waitFor();
      }));
  });
}

/** As somebody does it elsewhere: at another device, or at the dashboard. */
async function endSessions(stage: Stage, userId: string): Promise<void> {
  for (const session_id of await activeSessions(stage, userId))
    await stage.api('POST', '/user_management/sessions/revoke', { session_id });
}
