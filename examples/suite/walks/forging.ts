/** What other sites send in a person's name. */
import assert from 'node:assert/strict';
import type { Walk } from '../example.ts';
import { elsewhere, type Form, formOf, serveForm, servePage } from '../forms.ts';
import { ask, me, seesHello, seesWelcome, signIn, signOutButton, switchButton } from '../pages.ts';
import { regular, type SignedIn } from '../people.ts';
import type { Stage } from '../stage.ts';
import type { Visitor } from '../visitor.ts';
import { memberOfTwo } from './acting.ts';
import { activeSessions } from './staying.ts';

/** A framework may look at the origin before the app does, and call it a bad request. */
const REFUSALS = [400, 403];

export const forging = {
  forgery: {
    says: 'refuses a sign-out that another site sends',
    async walk(stage) {
      const { visitor, person } = await regular(stage, { provokes: true });
      await using _ = visitor;
      await refusesElsewhere(stage, visitor, await formOf(stage, visitor, signOutButton(visitor.page), '/logout'));
      assert.equal((await me(stage, visitor)).user.id, person.id);
      await visitor.page.reload();
      await seesHello(visitor.page, person);
    },
  },

  'forged-switch': {
    says: 'refuses a switch of organization that another site sends',
    async walk(stage) {
      const { visitor, current, switching } = await aboutToSwitch(stage);
      await using _ = visitor;
      await refusesElsewhere(stage, visitor, switching);
      await visitor.page.reload();
      assert.equal((await me(stage, visitor)).organizationId, current);
    },
  },

  bodiless: {
    says: 'does nothing that a script at another port asks for without a form',
    async walk(stage) {
      const { visitor, person, current, switching } = await aboutToSwitch(stage);
      await using _ = visitor;
      await using sibling = await servePage('<!doctype html><title>Elsewhere</title>', 'localhost');
      const { sessionId } = await me(stage, visitor);
      const query = new URLSearchParams(Object.fromEntries(switching.fields));
      const signOut = await formOf(stage, visitor, signOutButton(visitor.page), '/logout');
      const tab = await visitor.context.newPage();
      await tab.goto(sibling.url);
      // Playwright forgets what was sent when the browser keeps the answer to itself, as it does here.
      const devtools = await visitor.context.newCDPSession(tab);
      await devtools.send('Network.enable');
      for (const address of [signOut.action, switching.action, `${switching.action}?${query}`])
        for (const body of [null, `${query}`]) {
          const sent = new Promise<Readonly<Record<string, string>>>((resolve) =>
            devtools.once('Network.requestWillBeSentExtraInfo', ({ headers }) => resolve(headers)),
          );
          const post = `fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body })`;
          await tab.evaluate(
            `(async (url, body) => ${post}.catch(() => {}))(${JSON.stringify(address)}, ${JSON.stringify(body)}).then(() => {})`,
          );
          const cookies = new Headers(await sent).get('cookie');
          assert.ok(cookies?.includes(`${stage.sessionCookie}=`), 'the browser sends the session along');
          const { user, organizationId, ...still } = await me(stage, visitor);
          assert.deepEqual([user.id, organizationId, still.sessionId], [person.id, current, sessionId], address);
        }
      assert.ok((await activeSessions(stage, person.id)).includes(sessionId));
    },
  },

  'csrf-token': {
    says: 'gives out the token that its pages send, and refuses a wrong, a foreign and a stale one',
    async walk(stage) {
      const { app, example } = stage;
      const { field, from } = example.csrf ?? {};
      if (!field || !from) assert.fail('an example that gives out no token says so in `without`');
      const person = await stage.person();
      await using visitor = await stage.visit({ provokes: true });
      await signIn(stage, visitor, person);
      const ownToken = async () => tokenIn(await (await ask(stage, visitor, from)).json());
      const stale = await ownToken();
      await visitor.open('/');
      assert.equal(await sentTokens(stage, visitor, { field, from }), 'sent as it was given out');
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

/** Signs out on the page. @returns whether what the page was given last is what it sent */
async function sentTokens(
  { app }: Stage,
  { page }: Visitor,
  { field, from }: { field: string; from: string },
): Promise<string> {
  const given: string[] = [];
  await page.route(app.url + from, async (route) => {
    const response = await route.fetch();
    given.push(tokenIn(await response.json()));
    await route.fulfill({ response });
  });
  await page.reload(); // A page may ask as soon as it is there, or not before its form is sent.
  const posted = page.waitForRequest((request) => request.method() === 'POST' && request.url() === `${app.url}/logout`);
  await signOutButton(page).click();
  const sent = new URLSearchParams((await posted).postData() ?? '').get(field);
  await seesWelcome(page);
  await page.unroute(app.url + from);
  if (given.length === 0) return 'never asked for';
  return given.includes(sent ?? '') ? 'sent as it was given out' : `not what was sent: ${sent}`;
}

interface AboutToSwitch extends SignedIn {
  /** The organization they act in. */
  readonly current: string;
  /** The form that would take them to another. */
  readonly switching: Form;
}

/** Somebody on the account page, who could switch. */
async function aboutToSwitch(stage: Stage): Promise<AboutToSwitch> {
  const { visitor, person, first, second } = await memberOfTwo(stage, { provokes: true });
  const form = await formOf(stage, visitor, switchButton(visitor.page), '/organization');
  const fields = form.fields.map(([name, value]) => [name, name === 'organization_id' ? second : value] as const);
  assert.ok(
    fields.some(([, value]) => value === second),
    'the form names the organization',
  );
  return { visitor, person, current: first, switching: { ...form, fields } };
}

async function refusesElsewhere(stage: Stage, { context }: Visitor, form: Form): Promise<void> {
  for (const host of elsewhere) {
    await using evil = await serveForm(form, host);
    const tab = await context.newPage();
    const answer = tab.waitForResponse((response) => response.request().method() === 'POST');
    await tab.goto(evil.url);
    const status = (await answer).status();
    // The browser takes no session along from another site, so an app may as well ask who this is.
    const isNobody = host !== 'localhost' && [302, 303, 307].includes(status);
    assert.ok(
      isNobody || status === stage.example.forgedAnswer || REFUSALS.includes(status),
      `from ${host}: ${status}`,
    );
    await tab.close();
  }
}
