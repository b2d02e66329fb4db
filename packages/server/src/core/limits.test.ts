import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../../test/engines.ts';
import { minutes } from './clock.ts';
import { TooManyRequests } from './errors.ts';
import { countAgainst, purgeCounters } from './limits.ts';
import { sql } from './sql/index.ts';

const limit = { name: 'test', max: 10, windowMs: minutes(1) };

onEachEngine('limits', (open) => {
  it('lets exactly the limit through of a hundred at once', async () => {
    await using services = await open();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, () => countAgainst(services, limit, 'grace@example.com')),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(outcomes.length - refused.length, 10);
    assert.ok(refused.every(({ reason }) => reason instanceof TooManyRequests));
  });

  it('counts keys and limits apart, and multiplies by the factor', async () => {
    await using services = await open();
    const one = { ...limit, max: 1 };
    await countAgainst(services, one, 'a');
    await countAgainst(services, one, 'b');
    await countAgainst(services, { ...one, name: 'other' }, 'a');
    await assert.rejects(countAgainst(services, one, 'a'), TooManyRequests);
    for (let n = 0; n < 5; n++) await countAgainst(services, one, 'c', 5);
    await assert.rejects(countAgainst(services, one, 'c', 5), TooManyRequests);
  });

  it('starts anew when the window is over, and says how long that is', async () => {
    await using services = await open();
    const { clock } = services;
    for (let n = 0; n < 10; n++) await countAgainst(services, limit, 'a');
    clock.advance(40);
    await assert.rejects(countAgainst(services, limit, 'a'), (error) => {
      assert.ok(error instanceof TooManyRequests);
      assert.ok(error.retryAfterSeconds >= 19 && error.retryAfterSeconds <= 20, String(error.retryAfterSeconds));
      assert.deepEqual(error.headers, { 'retry-after': String(error.retryAfterSeconds) });
      return true;
    });
    // What was refused has not moved the window.
    clock.advance(21);
    await countAgainst(services, limit, 'a');
  });

  it('keeps no address, only a keyed hash of it', async () => {
    await using services = await open();
    await countAgainst(services, limit, 'grace@example.com');
    const rows = JSON.stringify(await services.db.all(sql`select * from counters`));
    assert.match(rows, /test:[\w-]{43}/);
    assert.ok(!rows.includes('grace'));
  });

  it('throws away what says nothing any more, and only that', async () => {
    await using services = await open();
    await countAgainst(services, limit, 'old');
    services.clock.advance(45);
    await countAgainst(services, limit, 'new');
    services.clock.advance(30);
    await purgeCounters(services);
    assert.deepEqual(await services.db.one(sql`select count(*) as n from counters`), { n: 1 });
  });
});
