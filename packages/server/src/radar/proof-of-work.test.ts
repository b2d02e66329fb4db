import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../../test/engines.ts';
import { solveWork } from '../../test/solve-work.ts';
import { processorMs } from '../../test/time.ts';
import { sql, systemTenant } from '../core/index.ts';
import { newChallenge, provesWork, purgeProofs, spendWork, work } from './index.ts';

const tenant = systemTenant('environment_1');

onEachEngine('proof of work', (open) => {
  it('is proved by the work and by nothing else', async () => {
    await using services = await open();
    const challenge = newChallenge(services, 'attempt_1');
    const solution = await solveWork(challenge);
    assert.equal(provesWork(services, 'attempt_1', challenge, solution), true);
    const numbers = solution.split('.');
    const nonsense = [
      '',
      '0',
      Array(work.searches).fill('0').join('.'),
      numbers.toReversed().join('.'),
      numbers.slice(1).join('.'),
      `${solution}.0`,
      solution.toUpperCase(),
      `${solution} `,
      Array(work.searches).fill(numbers[0]).join('.'),
      '1'.repeat(100_000),
    ];
    for (const wrong of nonsense) {
      if (wrong === solution) continue;
      assert.equal(provesWork(services, 'attempt_1', challenge, wrong), false, wrong.slice(0, 100));
    }
  });

  it('belongs to its attempt, and to the one who issued the challenge', async () => {
    await using services = await open();
    const challenge = newChallenge(services, 'attempt_1');
    const solution = await solveWork(challenge);
    assert.equal(provesWork(services, 'attempt_2', challenge, solution), false);
    const own = `${services.now().getTime().toString(36)}-abcdefgh.${'0'.repeat(22)}`;
    assert.equal(provesWork(services, 'attempt_1', own, await solveWork(own)), false);
    const [time = '', rest = ''] = challenge.split('-');
    const later = `${(Number.parseInt(time, 36) + 1).toString(36)}-${rest}`;
    assert.equal(provesWork(services, 'attempt_1', later, solution), false);
    for (const odd of ['', challenge.slice(1), `${challenge}0`, 'a-b.c', challenge.toLowerCase()]) {
      if (odd !== challenge) assert.equal(provesWork(services, 'attempt_1', odd, solution), false, odd);
    }
  });

  it('lasts ten minutes, whichever way a clock is set', async () => {
    await using services = await open();
    const challenge = newChallenge(services, 'attempt_1');
    const solution = await solveWork(challenge);
    const proves = () => provesWork(services, 'attempt_1', challenge, solution);
    services.clock.advance(590);
    assert.equal(proves(), true);
    services.clock.advance(20);
    assert.equal(proves(), false);
    services.clock.advance(-1300);
    assert.equal(proves(), false);
  });

  it('is spent once, of any number at the same time, and forgotten when it counts no more', async () => {
    await using services = await open();
    const challenge = newChallenge(services, 'attempt_1');
    const spend = () => services.db.transaction((tx) => spendWork(services, tx, tenant, challenge));
    const spent = await Promise.all(Array.from({ length: 20 }, spend));
    assert.equal(spent.filter(Boolean).length, 1);
    services.clock.advance(1100);
    await purgeProofs(services);
    assert.equal(await spend(), false, 'it might still be valid');
    services.clock.advance(200);
    await purgeProofs(services);
    assert.deepEqual(await services.db.all(sql`select id from spent_proofs`), []);
  });

  it('is not spent when the account is not made', async () => {
    await using services = await open();
    const challenge = newChallenge(services, 'attempt_1');
    const fails = services.db.transaction(async (tx) => {
      await spendWork(services, tx, tenant, challenge);
      throw new Error('no account');
    });
    await assert.rejects(fails);
    assert.equal(await services.db.transaction((tx) => spendWork(services, tx, tenant, challenge)), true);
  });

  it('is checked in a fraction of a millisecond', async () => {
    await using services = await open();
    const challenge = newChallenge(services, 'attempt_1');
    const solution = await solveWork(challenge);
    const took = await processorMs(() => {
      for (let n = 0; n < 200; n++) provesWork(services, 'attempt_1', challenge, solution);
    });
    assert.ok(took / 200 < 5, `${took / 200} ms`);
  });
});
