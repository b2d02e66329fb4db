/** Signing out: by the person, and by nobody else. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Walk } from '../example.ts';
import { formsOf } from '../hosted.ts';
import {
  ask,
  longAgo,
  me,
  newcomer,
  regular,
  seesAccount,
  seesHello,
  seesWelcome,
  signIn,
  signOutButton,
} from '../pages.ts';
import type { Stage } from '../stage.ts';
import type { Visitor } from '../visitor.ts';
import { activeSessions } from './staying.ts';

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

  forgery: {
    says: 'refuses a sign-out that another site sends',
    async walk(stage) {
      const { visitor, person } = await regular(stage, { provokes: true });
      await using _ = visitor;
      const { page, context } = visitor;
      const form = await formOfSignOut(stage, visitor); // Of a page that is there for everybody.
      // Another port is another origin of the same site, so the browser sends cookies along; another name is another site.
      for (const host of ['localhost', '127.0.0.1']) {
        await using evil = await serveForm(form, host);
        const tab = await context.newPage();
        const answer = tab.waitForResponse((response) => response.request().method() === 'POST');
        await tab.goto(evil.url);
        assert.equal((await answer).status(), stage.example.forgedAnswer ?? 403, `from ${host}`);
        await tab.close();
        assert.equal((await me(stage, visitor)).user.id, person.id, `after ${host}`);
      }
      await page.reload();
      await seesHello(page, person);
    },
  },

  'csrf-token': {
    says: 'refuses a wrong, a foreign and a stale token',
    async walk(stage) {
      const { app, example } = stage;
      const { field, from } = example.csrf ?? {};
      if (!field || !from) assert.fail('an example that gives out no token says so in `without`');
      const { visitor, person } = await newcomer(stage, { provokes: true });
      await using _ = visitor;
      const ownToken = async () => tokenIn(await (await ask(stage, visitor, from)).json());
      const stale = await ownToken();
      await visitor.open('/');
      await signOutButton(visitor.page).click();
      await seesWelcome(visitor.page);
      await signIn(stage, visitor, person);
      const foreign = tokenIn(await (await fetch(app.url + from)).json());
      const post = (form: Record<string, string>) =>
        visitor.context.request.post(`${app.url}/logout`, { form, maxRedirects: 0 });
      for (const form of [{}, { [field]: '' }, { [field]: 'f'.repeat(128) }, { [field]: foreign }, { [field]: stale }])
        assert.equal((await post(form)).status(), 403, JSON.stringify(form));
      await me(stage, visitor);
      assert.equal((await post({ [field]: await ownToken() })).status(), 303);
    },
  },
} satisfies Record<string, Walk>;

const tokenIn = (json: unknown): string => (json as { csrfToken: string }).csrfToken;

interface Form {
  /** Absolute. */
  readonly action: string;
  readonly encoding: string;
  readonly fields: readonly (readonly [string, string])[];
}

/** The sign-out as an attacker can know it: all of the form but the token made for somebody else. */
async function formOfSignOut({ app, example }: Stage, { page }: Visitor): Promise<Form> {
  const form = signOutButton(page).locator('xpath=ancestor::form');
  // Where a script signs out there is no form; the address is the contract's.
  if ((await form.count()) === 0) return { action: `${app.url}/logout`, encoding: '', fields: [] };
  const inputs = await form.locator('input').all();
  const fields = await Promise.all(
    inputs.map(async (input) => [(await input.getAttribute('name')) ?? '', await input.inputValue()] as const),
  );
  return {
    encoding: (await form.getAttribute('enctype')) ?? '',
    action: new URL((await form.getAttribute('action')) ?? '', page.url()).href,
    fields: fields.filter(([name]) => name !== '' && name !== example.csrf?.field),
  };
}

/** A page elsewhere that sends the form as soon as it is opened. */
async function serveForm({ action, encoding, fields }: Form, host: string): Promise<AsyncDisposable & { url: string }> {
  const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const page = `<!doctype html><form method="post" action="${escaped(action)}" enctype="${escaped(encoding)}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`;
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
