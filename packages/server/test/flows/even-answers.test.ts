/**
 * Whether an address has an account shows in nothing at the doors that anybody may try: not in what is answered, and not
 * in how long that takes. The times are compared over many tries in turns; the last tests show that a difference of a
 * password hash, or of 40 milliseconds, would be found.
 */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { randomBase62 } from '../../src/core/index.ts';
import type { SocialProvider } from '../../src/protocol/index.ts';
import { type Answer, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { enable } from '../providers.ts';
import { assertAlike, type Case, differs, timesOf } from '../time.ts';
import { changeSettings, codeOf, makeUser, signedInBrowser } from './steps.ts';

async function atProvider(server: TestServer, provider: SocialProvider): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl());
  await browser.submit({ provider }, '/sign-in/social');
  return browser;
}

onEachEngine('known and unknown addresses', (start) => {
  let server: TestServer;
  let person: TestBrowser;
  before(async () => {
    server = await start();
    await enable(server, 'XOAuth');
    ({ browser: person } = await signedInBrowser(server));
  });
  after(() => server[Symbol.asyncDispose]());

  // Each try comes from an address of its own: how often one is tried is counted, and is another story.
  const newAddress = (): string => `${randomBase62(12).toLowerCase()}@example.com`;
  const nobody = async (): Promise<string> => {
    // A machine is quicker right after it did the same: what is done before is the same for everybody.
    await known();
    return newAddress();
  };
  const known = async (): Promise<string> => (await makeUser(server)).email;
  const without = async (): Promise<string> => (await makeUser(server, { password: undefined })).email;

  const atPassword = async (email: string): Promise<TestBrowser> => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    return browser;
  };
  const byPassword = (email: string) => () =>
    server.token({ grant_type: 'password', email, password: 'not the password at all' });

  /** Gets everything ready before the clock starts; what is timed is the one form that looks at the address. */
  const doors: Record<string, (email: string) => Promise<() => Promise<Answer>>> = {
    'the address alone': async (email) => {
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      return () => browser.submit({ email }, '/sign-in?');
    },
    'the options of a passkey': async (email) => {
      const browser = await atPassword(email);
      const path = browser.path.replace('/sign-in/password?', '/sign-in/passkey/options?');
      const { csrf = '' } = browser.form('/sign-in/password').hidden;
      return () => browser.post(path, { csrf });
    },
    'the password': async (email) => {
      const browser = await atPassword(email);
      return () => browser.submit({ password: 'not the password at all' }, '/sign-in/password');
    },
    'the password grant': async (email) => byPassword(email),
    'a code by mail': async (email) => {
      const browser = await atPassword(email);
      return () => browser.submit({}, '/sign-in/code/send');
    },
    'a forgotten password': async (email) => {
      const browser = server.browser();
      await browser.open('/forgot-password');
      return () => browser.submit({ email }, '/forgot-password');
    },
    'a sign-up': async (email) => {
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
      return () => browser.submit({ email, password: goodPassword }, '/sign-up?');
    },
    'the new address of somebody who is signed in': async (email) => {
      await person.open('/account/email');
      return () => person.submit({ email }, '/account/email');
    },
    'an address that a provider did not tell': async (email) => {
      const browser = await atProvider(server, 'XOAuth');
      await browser.submit({ persona: 'no_email', email: newAddress() });
      return () => browser.submit({ email }, '/sign-in/email');
    },
    'an address that a provider does not vouch for': async (email) => {
      const browser = await atProvider(server, 'GitHubOAuth');
      return () => browser.submit({ persona: 'unverified', email });
    },
  };

  for (const [door, reach] of Object.entries(doors)) {
    it(`are told apart by nothing at ${door}`, async () => {
      const statuses = new Set<number>();
      const at =
        (address: () => Promise<string>): Case =>
        async () => {
          const open = await reach(await address());
          return async () => statuses.add((await open()).status);
        };
      await assertAlike({ known: at(known), nobody: at(nobody), 'without a password': at(without) });
      assert.equal(statuses.size, 1, `${[...statuses]}`);
    });
  }

  it('are told apart by no limit where a provider does not vouch for them', async () => {
    await using strict = await start();
    await enable(strict, 'XOAuth');
    await changeSettings(strict, { productionLimits: true });
    const told = async (email: string): Promise<number> => {
      const browser = await atProvider(strict, 'XOAuth');
      await browser.submit({ persona: 'no_email', email: newAddress() });
      return (await browser.submit({ email }, '/sign-in/email')).status;
    };
    const unverified = async (email: string) =>
      (await (await atProvider(strict, 'GitHubOAuth')).submit({ persona: 'unverified', email })).status;
    const knownHere = (await makeUser(strict)).email;
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) {
      // The forms of a minute are counted, too, and are not what this is about.
      strict.clock.advance(10);
      statuses.push(await (n % 2 ? told : unverified)(n % 3 ? newAddress() : knownHere));
    }
    assert.deepEqual(new Set(statuses), new Set([200]));
    strict.clock.advance(61);
    for (const [name, door] of Object.entries({ told, unverified }))
      assert.deepEqual([await door(knownHere), await door(newAddress())], [429, 429], name);
    const vouched = await (await atProvider(strict, 'GoogleOAuth')).submit({ persona: 'verified', email: knownHere });
    assert.ok(codeOf(vouched), 'a sign-in is no sign-up');
  });

  it('would be told apart if one of them cost no hash, or 40 ms more', async () => {
    const hash: Case = async () => byPassword(newAddress());
    const paused: Case = async () => {
      const ask = await hash();
      return async () => {
        await ask();
        await wait(40);
      };
    };
    const none: Case = async () => () => server.api('GET', '/user_management/users?limit=1');
    const took = await timesOf({ hash, paused, none }, 15);
    assert.ok(differs(took.hash ?? 0, took.none ?? 0), JSON.stringify(took));
    assert.ok((took.paused ?? 0) > (took.hash ?? 0) + 20, JSON.stringify(took));
  });

  // The last one: from here on every wrong password of this environment takes as long as the slowest hash.
  it('are told apart by nothing where the hash of another system takes longer than ours', async () => {
    const slow = `$pbkdf2-sha512$i=300000$c2FsdHNhbHRzYWx0$${'A'.repeat(86)}`;
    const imported = { password: undefined, password_hash: slow, password_hash_type: 'pbkdf2' };
    const at =
      (address: () => Promise<string>): Case =>
      async () =>
        byPassword(await address());
    const other = async () => (await makeUser(server, imported)).email;
    await assertAlike({ imported: at(other), known: at(known), nobody: at(nobody) }, 5);
  });
});
