/** What holds of all walks together, and what ends the platform: these come last. */
import assert from 'node:assert/strict';
import { WorkOS } from '@workos-inc/node';
import type { Walk } from '../example.ts';
import { seesAccount, seesWelcome, signOutButton } from '../pages.ts';
import { longAgo, newcomer, regular } from '../people.ts';
import type { Stage } from '../stage.ts';

const A_JWT = /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/;

/** What happens where an SDK hands its access token to each page. */
export async function showsAccessToken(stage: Stage): Promise<void> {
  const { visitor, person } = await regular(stage);
  await using _ = visitor;
  await visitor.open('/account');
  await seesAccount(visitor.page, person);
  assert.match(await visitor.page.content(), A_JWT);
}

/** The end of it, which no page has to escape. */
export const unquoted = (password: string): string => password.split('"').at(-1) ?? password;

export const closing = {
  'without-script': {
    says: 'works without JavaScript',
    async walk(stage) {
      const { visitor, person } = await newcomer(stage, { javaScriptEnabled: false });
      await using _ = visitor;
      await visitor.page.getByRole('link', { name: 'Account', exact: true }).click();
      await seesAccount(visitor.page, person);
      await signOutButton(visitor.page).click();
      await visitor.page.waitForURL(`${stage.app.url}/`);
      await seesWelcome(visitor.page);
    },
  },

  'access-token': {
    says: 'puts neither an access token nor the sealed session into what browsers get',
    async walk(stage) {
      const { notes } = stage;
      const { visitor, person } = await regular(stage);
      await using _ = visitor;
      await visitor.open('/account');
      await seesAccount(visitor.page, person);
      await Promise.all(notes.reading);
      const sealed = decodeURIComponent((await visitor.session()).split('=').slice(1).join('='));
      assert.ok(sealed.length > 100, 'there is a session to look for');
      assert.ok(notes.bodies.length > 10, 'the walks before have left something to look at');
      for (const { url, text } of notes.bodies) {
        assert.doesNotMatch(text, A_JWT, url);
        assert.ok(!text.includes(sealed) && !text.includes(encodeURIComponent(sealed)), `${url} holds the session`);
      }
    },
  },

  secrets: {
    says: 'puts no refresh token, API key or cookie password into what browsers get',
    async walk(stage) {
      const { environment, notes } = stage;
      const { visitor, person } = await regular(stage);
      await using _ = visitor;
      await visitor.open('/account');
      await seesAccount(visitor.page, person);
      await Promise.all(notes.reading);
      const secrets = [
        environment.WORKOS_API_KEY,
        unquoted(environment.WORKOS_COOKIE_PASSWORD),
        await refreshTokenIn(await visitor.session()),
      ];
      assert.ok(notes.bodies.length > 10, 'the walks before have left something to look at');
      for (const { url, text } of notes.bodies)
        for (const secret of secrets) assert.ok(!text.includes(secret), `${url} holds ${secret.slice(0, 8)}…`);

      async function refreshTokenIn(cookie: string): Promise<string> {
        const { userManagement } = new WorkOS({ clientId: environment.WORKOS_CLIENT_ID });
        const sessionData = (stage.example.sealIn ?? decodeURIComponent)(cookie.slice(cookie.indexOf('=') + 1));
        const session = await userManagement.getSessionFromCookie({
          sessionData,
          cookiePassword: environment.WORKOS_COOKIE_PASSWORD,
        });
        return session?.refreshToken ?? assert.fail('the session is sealed as the SDKs do it');
      }
    },
  },

  password: {
    says: 'never saw a password: people type it on the platform only',
    walk: async ({ notes }) => assert.deepEqual(notes.passwords, []),
  },

  strangers: {
    says: 'made browsers ask nobody but itself and the platform',
    walk: async ({ notes }) => assert.deepEqual(notes.strangers, []),
  },

  console: {
    says: 'left no error on the console',
    walk: async ({ notes }) => assert.deepEqual(notes.complaints, []),
  },

  outage: {
    says: 'signs nobody out while the platform is away',
    async walk(stage) {
      const { visitor, person } = await longAgo(stage, regular, { provokes: true });
      await using _ = visitor;
      const session = await visitor.session();
      await stage.platform.kill();
      const response = await visitor.context.request.get(`${stage.app.url}/account`, { maxRedirects: 0 });
      assert.equal(response.status(), stage.example.awayAnswer ?? 503);
      assert.equal(await visitor.session(), session, `${person.email} keeps the session`);
    },
  },
} satisfies Record<string, Walk>;
