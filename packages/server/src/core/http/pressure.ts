import type { FastifyInstance } from 'fastify';
import { Unavailable } from '../errors.ts';

/** How often it is looked at how late the event loop is. */
const everyMs = 1000;
/** Who waits longer than that for a turn has gone away, or tries again already. */
const maxLateMs = 3000;

/**
 * Answers 503 while the event loop is late, instead of letting everybody wait. One pause is over when it is noticed, and
 * refusing would only add to it: it has to be late twice in a row.
 *
 * @throws {Unavailable} to each request that comes meanwhile
 */
export function refuseUnderPressure(app: FastifyInstance): void {
  let due = performance.now() + everyMs;
  let lateMs: readonly [number, number] = [0, 0];
  const timer = setInterval(() => {
    const now = performance.now();
    lateMs = [lateMs[1], now - due];
    due = now + everyMs;
  }, everyMs).unref();
  app.addHook('onClose', async () => clearInterval(timer));
  app.addHook('onRequest', (_request, _response, done) => {
    done(Math.min(...lateMs) > maxLateMs ? new Unavailable() : undefined);
  });
}
