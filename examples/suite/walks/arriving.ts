/** From nobody to somebody who is signed in. */
import assert from 'node:assert/strict';
import type { Walk } from '../example.ts';
import { enterCredentials, signUp } from '../hosted.ts';
import { ask, fact, facts, me, seesAccount, seesHello, seesWelcome, signIn } from '../pages.ts';
import { regular } from '../people.ts';
import { newPerson } from '../stage.ts';

export const arriving = {
  'signed-out': {
    says: 'shows signed-out people the ways in, and nothing else',
    async walk(stage) {
      await using visitor = await stage.visit();
      await visitor.open('/');
      await seesWelcome(visitor.page);
      const link = (name: string) => visitor.page.getByRole('link', { name, exact: true });
      assert.equal(await link('Sign in').getAttribute('href'), '/login');
      assert.equal(await link('Sign up').getAttribute('href'), '/login?screen_hint=sign-up');
      assert.equal(await link('Account').count(), 0);
      assert.equal(await visitor.page.getByRole('button', { name: 'Sign out' }).count(), 0);
    },
  },

  'login-endpoint': {
    says: 'makes the authorization URL on the server, at its sign-in endpoint',
    async walk({ app, platform, environment }) {
      const response = await fetch(`${app.url}/login?screen_hint=sign-up`, { redirect: 'manual' });
      const { origin, pathname, searchParams } = new URL(response.headers.get('location') ?? 'none:');
      assert.ok([302, 303, 307].includes(response.status), `answered ${response.status}`);
      assert.equal(origin + pathname, `${platform.url}/user_management/authorize`);
      const { client_id, redirect_uri, response_type, screen_hint, state, ...rest } = Object.fromEntries(searchParams);
      assert.deepEqual(
        { client_id, redirect_uri, response_type, screen_hint },
        {
          client_id: environment.WORKOS_CLIENT_ID,
          redirect_uri: environment.WORKOS_REDIRECT_URI,
          response_type: 'code',
          screen_hint: 'sign-up',
        },
      );
      assert.ok(state, 'there is a state');
      assert.equal(rest.client_secret, undefined);
    },
  },

  'deep-link': {
    says: 'sends people who open a protected page to sign in, and back to the same path and query',
    async walk(stage) {
      const { app, platform, sessionCookie } = stage;
      const person = await stage.person();
      await using visitor = await stage.visit();
      const { page, context } = visitor;
      await visitor.open('/account/settings?tab=1');
      await page.waitForURL(({ origin }) => origin === platform.url);
      await enterCredentials(page, stage, person);
      await page.waitForURL(`${app.url}/account/settings?tab=1`);
      await seesAccount(page, person);
      if (!sessionCookie) return;
      // Known at the platform, forgotten by the app: there and back again without a page.
      await context.clearCookies({ name: sessionCookie });
      await visitor.open('/account/a/b');
      await page.waitForURL(`${app.url}/account/a/b`);
      await seesAccount(page, person);
    },
  },

  'return-to': {
    says: 'returns to its own pages only',
    async walk(stage) {
      const { app, sessionCookie } = stage;
      const { visitor, person } = await regular(stage, { provokes: true });
      await using _ = visitor;
      const elsewhere = [
        'https://evil.example/',
        '//evil.example',
        '/\\evil.example',
        '/.//evil.example',
        'javascript:alert(1)',
      ];
      for (const target of [...elsewhere, '/account?tab=2']) {
        if (sessionCookie) await visitor.context.clearCookies({ name: sessionCookie });
        // Nobody comes by six times in a second but a browser that goes round in circles.
        await visitor.context.clearCookies({ name: /^authkit-rounds-/ });
        await visitor.open(`/login?return_to=${encodeURIComponent(target)}`);
        await visitor.page.waitForURL(
          ({ origin, pathname }) => origin === app.url && !pathname.startsWith('/callback'),
        );
        if (target.startsWith('/account')) {
          assert.equal(visitor.page.url(), app.url + target);
          await seesAccount(visitor.page, person);
        }
      }
    },
  },

  'sign-up': {
    says: 'signs up a new person with the code from their mailbox, and in again in another browser',
    async walk(stage) {
      const { app, platform } = stage;
      const person = { ...newPerson(stage), id: '' };
      const { email } = person;
      await using visitor = await stage.visit();
      const { page } = visitor;
      await visitor.open('/');
      await page.getByRole('link', { name: 'Sign up', exact: true }).click();
      await page.waitForURL(`${platform.url}/sign-up?*`);
      await signUp(page, stage, person);
      await page.waitForURL(`${app.url}/`);
      await page.getByRole('heading', { name: 'Hello', exact: true, level: 1 }).waitFor();
      await page.getByText(`You are signed in as ${email}`).waitFor();

      const users = await stage.api<{ data: { id: string; email_verified: boolean }[] }>(
        'GET',
        `/user_management/users?email=${encodeURIComponent(email)}`,
      );
      assert.deepEqual(
        users.data.map((user) => user.email_verified),
        [true],
      );

      await using other = await stage.visit();
      await other.open('/account');
      await enterCredentials(other.page, stage, person);
      await other.page.waitForURL(`${app.url}/account`);
      await seesAccount(other.page, person);
      assert.equal(await fact(other.page, 'Name').textContent(), 'None');
    },
  },

  reload: {
    says: 'knows the person on every page, after a reload and at its own API',
    async walk(stage) {
      const person = await stage.person({ last_name: 'Lovelace' });
      await using visitor = await stage.visit();
      const { page } = visitor;
      const nobody = await ask(stage, visitor, '/api/me');
      assert.deepEqual([nobody.status(), await nobody.json()], [401, { error: 'unauthenticated' }]);

      await signIn(stage, visitor, person);
      await page.reload();
      await seesHello(page, person);
      await page.getByRole('link', { name: 'Account', exact: true }).click();
      await page.waitForURL(/\/account$/);
      await seesAccount(page, person);
      const { user, sessionId, organizationId } = await me(stage, visitor);
      assert.deepEqual([user.id, user.email, organizationId ?? null], [person.id, person.email, null]);
      assert.deepEqual(await facts(page), {
        Name: 'Ada Lovelace',
        Email: person.email,
        User: person.id,
        Session: sessionId,
        Organization: 'None',
      });
    },
  },
} satisfies Record<string, Walk>;
