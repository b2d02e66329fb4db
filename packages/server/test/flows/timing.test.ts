/**
 * Known and unknown accounts take the same time. Each case is measured many times, the cases in turns, and compared by
 * how long its quicker ones took: what else a machine does only ever adds. A difference counts when it is there again, so
 * noise passes and a real one does not; the last test shows that the comparison sees what it is there to see.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { goodPassword, startServer, type TestServer } from '../harness.ts';
import { makeUser } from './steps.ts';

const rounds = 15;

/** Prepares one measurement; what it returns is measured. */
type Case = () => Promise<() => Promise<unknown>>;

/** In milliseconds, by case: a fifth were quicker. */
async function times(cases: Readonly<Record<string, Case>>): Promise<Record<string, number>> {
  const took: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    // Another order each time: who comes first after a pause must not be the same one always.
    const names = Object.keys(cases);
    for (const [turn] of names.entries()) {
      const name = names[(turn + round) % names.length] ?? '';
      const measured = await cases[name]?.();
      const started = performance.now();
      await measured?.();
      took[name] = [...(took[name] ?? []), performance.now() - started];
    }
  }
  return Object.fromEntries(
    Object.entries(took).map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(all.length / 5)] ?? 0]),
  );
}

const tolerated = 1.5;
const differs = (a: number, b: number): boolean => Math.max(a, b) / Math.min(a, b) > tolerated;
const repetitions = 3;

async function assertAlike(cases: Readonly<Record<string, Case>>): Promise<void> {
  const found: string[] = [];
  for (let n = 0; n < repetitions; n++) {
    const [first = 0, ...others] = Object.values(await times(cases));
    if (!others.some((other) => differs(first, other))) return;
    found.push([first, ...others].map((ms) => `${ms.toFixed(1)} ms`).join(', '));
  }
  assert.fail(`${Object.keys(cases).join(', ')} take ${found.join('; again: ')}`);
}

let turns = 0;
/** Each try comes from an address of its own: how often one is tried is counted, and is another story. */
const nobody = (): string => `nobody${turns++}@example.com`;

/** As many accounts as there are measurements, so that none is tried too often. */
async function accounts(server: TestServer, more: Record<string, unknown> = {}): Promise<() => string> {
  const emails: string[] = [];
  for (let n = 0; n < rounds * repetitions; n++) emails.push((await makeUser(server, more)).email);
  let next = 0;
  return () => emails[next++ % emails.length] ?? '';
}

describe('the time an answer takes', () => {
  it('is the same for a wrong password of somebody, of nobody, and of somebody without one, at the page', async () => {
    await using server = await startServer();
    const [known, without] = [await accounts(server), await accounts(server, { password: undefined })];
    const at = (email: () => string) => async () => {
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      await browser.submit({ email: email() }, '/sign-in?');
      return () => browser.submit({ password: 'not the password at all' }, '/sign-in/password');
    };
    await assertAlike({ known: at(known), nobody: at(nobody), without: at(without) });
  });

  it('is the same at the password grant', async () => {
    await using server = await startServer();
    const known = await accounts(server);
    const at = (email: () => string) => async () => () =>
      server.token({ grant_type: 'password', email: email(), password: 'not the password at all' });
    await assertAlike({ known: at(known), nobody: at(nobody) });
  });

  it('is the same when another system’s hash takes longer than ours', async () => {
    await using server = await startServer();
    const slow = `$pbkdf2-sha512$i=300000$c2FsdHNhbHRzYWx0$${'A'.repeat(86)}`;
    const imported = { password: undefined, password_hash: slow, password_hash_type: 'pbkdf2' };
    const [known, other] = [await accounts(server), await accounts(server, imported)];
    const at = (email: () => string) => async () => () =>
      server.token({ grant_type: 'password', email: email(), password: 'not the password at all' });
    await assertAlike({ imported: at(other), known: at(known), nobody: at(nobody) });
  });

  it('is the same when a sign-up meets an address that has an account', async () => {
    await using server = await startServer();
    const known = await accounts(server);
    const at = (email: () => string) => async () => {
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
      return () => browser.submit({ email: email(), password: goodPassword });
    };
    await assertAlike({ known: at(known), nobody: at(nobody) });
  });

  it('would be seen to differ by a hash more, or by 40 milliseconds', async () => {
    await using server = await startServer();
    const at = (pauseMs: number) => async () => async () => {
      await server.token({ grant_type: 'password', email: nobody(), password: 'not the password at all' });
      if (pauseMs > 0) await wait(pauseMs);
    };
    const once = async () => async () => server.api('GET', '/user_management/users?limit=1');
    const { hash = 0, none = 0, paused = 0 } = await times({ hash: at(0), none: once, paused: at(40) });
    assert.ok(differs(hash, none), `a hash ${hash.toFixed(1)} ms, none ${none.toFixed(1)} ms`);
    assert.ok(paused > hash + 20, `paused ${paused.toFixed(1)} ms, not paused ${hash.toFixed(1)} ms`);
  });
});
