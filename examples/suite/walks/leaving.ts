/** Signing out: by the person, and by nobody else. */
import assert from 'node:assert/strict';
import type { Walk } from '../example.ts';
import { formsOf } from '../hosted.ts';
import { ask, me, seesAccount, seesHello, seesWelcome, signOutButton } from '../pages.ts';
import { longAgo, newcomer, regular } from '../people.ts';
import { activeSessions } from './staying.ts';

/** Longer than any router waits before it fetches what a pointer rests on. */
const RESTED_MS = 1000;

export const leaving = {
  'sign-out': {
    says: 'signs out here and at the platform, and lands on the sign-out redirect',
    async walk(stage) {
      const { app, platform } = stage;
      const { visitor, person } = await longAgo(stage, newcomer);
      await using _ = visitor;
      const { page } = visitor;
      const expired = await visitor.session();
      await visitor.open('/account');
      await seesAccount(page, person);
      const ended = page.waitForRequest((request) =>
        request.url().startsWith(`${platform.url}/user_management/sessions/logout`),
      );
      await signOutButton(page).click();
      await ended;
      await page.waitForURL(`${app.url}/`);
      await seesWelcome(page);
      assert.equal(await visitor.session(), '');
      assert.deepEqual(await activeSessions(stage, person.id), []);
      // A cookie copied before is worth nothing once its access token has run out.
      const copied = await fetch(`${app.url}/api/me`, { headers: { cookie: expired } });
      assert.equal(copied.status, 401);
      await page.getByRole('link', { name: 'Sign in', exact: true }).click();
      await page.getByLabel('Email', { exact: true }).waitFor();
      assert.equal(new URL(page.url()).origin, formsOf(stage), 'the platform has forgotten the browser as well');
    },
  },

  prefetch: {
    says: 'stays signed in when the browser fetches the address of the sign-out ahead of time',
    async walk(stage) {
      const { visitor } = await regular(stage, { provokes: true });
      await using _ = visitor;
      const fetched = visitor.page.waitForResponse(`${stage.app.url}/logout`);
      await visitor.page.evaluate(
        `document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: '/logout' }))`,
      );
      const status = (await fetched).status();
      assert.ok([404, 405].includes(status), `GET /logout answered ${status}`);
      const opened = await ask(stage, visitor, '/logout');
      assert.ok([404, 405].includes(opened.status()), `GET /logout answered ${opened.status()}`);
      await me(stage, visitor);
    },
  },

  hover: {
    says: 'asks for no sign-out when a pointer rests on what it shows',
    async walk(stage) {
      const { visitor, person } = await regular(stage);
      await using _ = visitor;
      const { page, context } = visitor;
      const asked: string[] = [];
      context.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.clock.install(); // A router fetches ahead only after a pointer has rested for a while.
      for (const [path, seen] of [
        ['/', seesHello],
        ['/account', seesAccount],
      ] as const) {
        await visitor.open(path);
        await seen(page, person);
        for (const shown of await page.locator('a[href], button').all()) {
          await shown.hover();
          await shown.focus();
          await page.clock.runFor(RESTED_MS);
        }
      }
      assert.deepEqual(
        asked.filter((path) => path === '/logout'),
        [],
      );
      await me(stage, visitor);
      await page.reload();
      await seesAccount(page, person);
    },
  },
} satisfies Record<string, Walk>;
