import assert from 'node:assert/strict';
import { it } from 'node:test';
import fastify from 'fastify';
import { refuseUnderPressure } from './pressure.ts';

it('a server whose event loop is late refuses until it has caught up, and not for one pause', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const app = fastify();
  refuseUnderPressure(app);
  app.get('/', async () => 'answered');
  /** The loop comes round again so long after the last time. */
  const round = async (afterMs: number): Promise<number> => {
    now += afterMs;
    t.mock.timers.tick(1000);
    return (await app.inject('/')).statusCode;
  };

  const rounds = [];
  for (const afterMs of [1000, 3900, 3900, 9000, 1000, 4100, 4100, 9000, 1000, 1000]) rounds.push(await round(afterMs));

  assert.deepEqual(rounds, [200, 200, 200, 200, 200, 200, 503, 503, 200, 200]);
  await app.close();
});
