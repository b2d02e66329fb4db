/**
 * A form of the account page that a new password overtakes: the person ends what somebody else may do with their
 * browser's sign-in, while a form of it is under way. Tried before each transaction of the form, one after the other.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { listVerifiedFactors } from '../../src/mfa/index.ts';
import { listRecoveryCodes } from '../../src/mfa/recovery-codes.store.ts';
import { selectPasskeysOfUser } from '../../src/passkeys/store.ts';
import { linkIdentity, listIdentities } from '../../src/social/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { appOnPage } from './mfa-steps.ts';
import { givePasskey } from './passkey-steps.ts';
import { makeUser } from './steps.ts';

interface Person {
  readonly id: string;
  readonly email: string;
}

/** At the account page, by password. */
async function atAccount(server: TestServer, { email }: Person): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open('/account');
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password');
  return browser;
}

/** Does something before the nth transaction from now on. `done` is what it returned; null when it did not come to that. */
function beforeTransaction<T>(server: TestServer, nth: number, act: () => Promise<T>) {
  const { db } = server.running.services;
  const transaction = db.transaction.bind(db);
  let begun = 0;
  let acting: Promise<T> | null = null;
  db.transaction = async (body) => {
    // What is done here has transactions of its own, which come to more than `nth`.
    if (++begun === nth) acting = act();
    if (begun === nth) await acting;
    return transaction(body);
  };
  return {
    done: async (): Promise<T | null> => acting,
    [Symbol.dispose]: () => {
      db.transaction = transaction;
    },
  };
}

interface Form {
  /** As far as the form that is sent. @returns its path and what is typed */
  readonly prepare: (
    server: TestServer,
    browser: TestBrowser,
    person: Person,
  ) => Promise<[string, Record<string, string>]>;
  /** What it changes. */
  readonly changed: (server: TestServer, person: Person) => Promise<unknown>;
}

const factors = async ({ running, environmentId }: TestServer, { id }: Person) =>
  (await listVerifiedFactors(running.services.db, systemTenant(environmentId), id)).length;

const recoveryCodes = async ({ running, environmentId }: TestServer, { id }: Person) =>
  (await listRecoveryCodes(running.services.db, systemTenant(environmentId), id)).map(({ codeMac }) => codeMac).sort();

const passkeysOf = ({ running, environmentId }: TestServer, { id }: Person) =>
  selectPasskeysOfUser(running.services.db, systemTenant(environmentId), id);

const addressOf = async (server: TestServer, { id }: Person) =>
  (await server.api('GET', `/user_management/users/${id}`)).json.email;

async function turnOn(server: TestServer, browser: TestBrowser): Promise<void> {
  await browser.open('/account/second-step');
  await browser.submit({ code: appOnPage(server, browser).code() }, '/account/second-step');
}

const forms: Readonly<Record<string, Form>> = {
  'the code of a new address': {
    async prepare(server, browser, { id }) {
      const email = `${id.toLowerCase().replace('_', '-')}@new.example.com`;
      await browser.open('/account/email');
      await browser.submit({ email }, '/account/email');
      return ['/account/email/code', { code: await server.codeFor(email) }];
    },
    changed: addressOf,
  },
  'the code that turns the second step on': {
    async prepare(server, browser) {
      await browser.open('/account/second-step');
      return ['/account/second-step', { code: appOnPage(server, browser).code() }];
    },
    changed: async (server, person) => [await factors(server, person), await recoveryCodes(server, person)],
  },
  'the question for new recovery codes': {
    async prepare(server, browser) {
      await turnOn(server, browser);
      await browser.open('/account/recovery-codes');
      return ['/account/recovery-codes', {}];
    },
    changed: recoveryCodes,
  },
  'the form that turns the second step off': {
    async prepare(server, browser) {
      await turnOn(server, browser);
      await browser.open('/account/second-step/remove');
      return ['/account/second-step/remove', {}];
    },
    changed: factors,
  },
  'the form that disconnects a provider': {
    async prepare({ running: { services }, environmentId }, browser, { id, email }) {
      await services.db.transaction((tx) =>
        linkIdentity(services, tx, systemTenant(environmentId), id, 'GoogleOAuth', {
          subject: id,
          email,
          isEmailProven: true,
        }),
      );
      await browser.open('/account');
      await browser.open(linkIn(browser, '/account/connected/remove'));
      return ['/account/connected/remove', {}];
    },
    changed: async ({ running, environmentId }, { id }) =>
      (await listIdentities(running.services.db, systemTenant(environmentId), id)).length,
  },
  'the form that removes a passkey': {
    async prepare(server, browser, { id }) {
      await givePasskey(server, id, new SoftAuthenticator(server.url));
      await browser.open('/account');
      await browser.open(linkIn(browser, '/account/passkeys/remove'));
      return ['/account/passkeys/remove', {}];
    },
    changed: async (server, person) => (await passkeysOf(server, person)).length,
  },
  'the form that renames a passkey': {
    async prepare(server, browser, { id }) {
      await givePasskey(server, id, new SoftAuthenticator(server.url));
      await browser.open('/account');
      await browser.open(linkIn(browser, '/account/passkeys/rename'));
      return ['/account/passkeys/rename', { name: 'Mallory’s key' }];
    },
    changed: async (server, person) => (await passkeysOf(server, person)).map(({ name }) => name),
  },
  'the form that changes a name': {
    async prepare(_server, browser) {
      await browser.open('/account/profile');
      return ['/account/profile', { first_name: 'Mallory', last_name: '' }];
    },
    changed: async (server, { id }) => (await server.api('GET', `/user_management/users/${id}`)).json.first_name,
  },
};

const linkIn = (browser: TestBrowser, path: string): string =>
  (new RegExp(`href="(${path}\\?[^"]*)"`).exec(browser.text)?.[1] ?? assert.fail(path)).replaceAll('&amp;', '&');

onEachEngine('a form of the account that a new password overtakes', (start) => {
  for (const [name, { prepare, changed }] of Object.entries(forms)) {
    it(`changes nothing and leaves nobody signed in: ${name}`, async () => {
      await using server = await start();
      for (let nth = 1; ; nth++) {
        const person = await makeUser(server);
        const thief = await atAccount(server, person);
        const [path, typed] = await prepare(server, thief, person);
        const { action, hidden } = thief.form(path);
        const before = await changed(server, person);
        using overtaking = beforeTransaction(server, nth, async () => {
          const password = 'a phrase that nobody else knows';
          const { status } = await server.api('PUT', `/user_management/users/${person.id}`, { password });
          return { status, found: await changed(server, person) };
        });
        await thief.post(action, { ...hidden, ...typed });
        const overtaken = await overtaking.done();
        if (!overtaken) {
          assert.ok(nth > 1, 'the form has no transaction');
          assert.notDeepEqual(await changed(server, person), before, 'the form does nothing at all');
          return;
        }
        assert.equal(overtaken.status, 200);
        // Its last transactions send mail, for one: by then it had been done, and stays so.
        assert.deepEqual(await changed(server, person), overtaken.found, `before transaction ${nth}`);
        await thief.open('/account');
        assert.match(thief.path, /^\/sign-in/, `signed in after transaction ${nth}`);
      }
    });
  }
});
