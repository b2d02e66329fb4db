/**
 * Whether an address has an account shows in nothing at the doors that anybody may try: not in what is answered, and not
 * in how long that takes. The times are compared as a whole, over many interleaved tries; the last test shows that a
 * difference of the size of one password hash would be found.
 */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { randomBase62 } from '../../src/core/index.ts';
import { type Answer, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { makeUser } from './steps.ts';

const rounds = 15;

/** The middle of what was measured: a pause of the garbage collector is no news about an account. */
const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** How much slower one is than the other, as a factor of 1 or more. */
async function ratioOf(known: () => Promise<unknown>, unknown: () => Promise<unknown>): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds + 2; round++) {
    // In turns, and each first as often as the other, so that whatever slows the machine slows both.
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const which of order) {
      const took = await timed(which === 0 ? known : unknown);
      if (round >= 2) times[which === 0 ? 0 : 1].push(took);
    }
  }
  const [a, b] = [median(times[0]), median(times[1])];
  return Math.max(a, b) / Math.min(a, b);
}

/** A password hash is more than ten times what the rest of these requests costs; half a hash would show. */
const tolerance = 1.6;

onEachEngine('known and unknown addresses', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const newAddress = () => `${randomBase62(12).toLowerCase()}@example.com`;
  const known = async () => (await makeUser(server)).email;

  const atPassword = async (email: string): Promise<TestBrowser> => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    return browser;
  };
  const atSignUp = async (): Promise<TestBrowser> => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    return browser;
  };

  /** Gets everything ready before the clock starts; what is timed is the one form that looks at the address. */
  const doors: Record<string, (email: string) => Promise<() => Promise<Answer>>> = {
    'the password': async (email) => {
      const browser = await atPassword(email);
      return () => browser.submit({ password: 'not the password' }, '/sign-in/password');
    },
    'the password grant': async (email) => () =>
      server.token({ grant_type: 'password', email, password: 'not the password' }),
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
      const browser = await atSignUp();
      return () => browser.submit({ email, password: goodPassword }, '/sign-up?');
    },
  };

  for (const [door, reach] of Object.entries(doors)) {
    it(`are told apart by nothing at ${door}`, async () => {
      const prepare = async (address: () => Promise<string> | string) => {
        const ready: (() => Promise<Answer>)[] = [];
        for (let n = 0; n < rounds + 2; n++) ready.push(await reach(await address()));
        return ready;
      };
      const [ours, strangers] = [await prepare(known), await prepare(newAddress)];
      const next = (list: (() => Promise<Answer>)[]) => async () => (await list.pop()?.())?.status;
      // On a machine that does ten other things a measurement may be spoilt: it is the best of three.
      let best = Number.POSITIVE_INFINITY;
      for (let attempt = 0; attempt < 3 && best > tolerance; attempt++) {
        if (attempt > 0) {
          ours.push(...(await prepare(known)));
          strangers.push(...(await prepare(newAddress)));
        }
        best = Math.min(best, await ratioOf(next(ours), next(strangers)));
      }
      assert.ok(best <= tolerance, `one of the two is ${best.toFixed(2)} times as slow as the other`);
    });
  }

  it('would be told apart if one of them cost no hash', async () => {
    const [email, nobody] = [await known(), newAddress()];
    const withHash = async () => server.token({ grant_type: 'password', email: newAddress(), password: 'x' });
    const without = async () => server.api('GET', `/user_management/users?email=${nobody}`);
    assert.ok(email);
    assert.ok((await ratioOf(withHash, without)) > tolerance);
  });
});
