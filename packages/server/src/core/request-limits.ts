import { LRUCache } from 'lru-cache';
import { TooManyRequests } from './errors.ts';
import { addToCounter, type Limit, nameOfCounter } from './limits.ts';
import type { Services } from './services.ts';
import type { Database } from './sql/index.ts';

/**
 * A node tells the others of its requests in steps of so many hundredths of the limit: at most twenty writes in a
 * window, and none for whoever stays below the first step.
 */
const stepShare = 0.05;

/** What one node knows of one window. Windows of a limit begin at the same moment on every node. */
interface Window {
  readonly endsAt: number;
  /** Requests of this node, and how many of them the others were told of. */
  own: number;
  told: number;
  /** Requests of the other nodes, as of the last time we told ours. */
  others: number;
}

const windows = new WeakMap<Database, LRUCache<string, Window>>();
/** Keys counted at once. Forgetting the one longest unused gives it a new count on this node, and no more. */
const maxKeys = 20_000;

/**
 * Counts a request against a limit that protects the service and not a secret, without waiting for anything: in memory
 * here, told to the other nodes beside the request. One node alone is exact. With more, each may let through a
 * twentieth of the limit before the others hear of it (decision 29). What guards a credential uses `countAgainst`.
 *
 * @param key - what is limited: an environment, an API key
 * @param factor - multiplies the limit; staging environments relax request limits with it
 * @throws {TooManyRequests} with the seconds until the window ends
 */
export function countRequest(
  services: Pick<Services, 'db' | 'now' | 'vault' | 'log'>,
  limit: Limit,
  key: string,
  factor = 1,
): void {
  const at = services.now().getTime();
  const max = limit.max * factor;
  const window = windowOf(services.db, limit, key, at);
  if (window.own + window.others >= max) throw new TooManyRequests((window.endsAt - at) / 1000);
  window.own++;
  if (window.own - window.told >= Math.max(1, Math.floor(max * stepShare))) tell(services, limit, key, window);
}

function windowOf(db: Database, limit: Limit, key: string, at: number): Window {
  let ofServer = windows.get(db);
  if (!ofServer) {
    ofServer = new LRUCache({ max: maxKeys });
    windows.set(db, ofServer);
  }
  const name = `${limit.name} ${key}`;
  const endsAt = (Math.floor(at / limit.windowMs) + 1) * limit.windowMs;
  const known = ofServer.get(name);
  // The window's own end, and not an age: a development clock also moves back.
  if (known?.endsAt === endsAt) return known;
  const begun: Window = { endsAt, own: 0, told: 0, others: 0 };
  ofServer.set(name, begun);
  return begun;
}

function tell(
  { db, vault, log }: Pick<Services, 'db' | 'vault' | 'log'>,
  limit: Limit,
  key: string,
  window: Window,
): void {
  const news = window.own - window.told;
  window.told = window.own;
  const counter = nameOfCounter(vault, limit, `${key}\n${window.endsAt}`);
  addToCounter(db, counter, news, new Date(window.endsAt)).then(
    (total) => {
      // Less all of ours that is on its way by now: steps may arrive in another order than they left.
      window.others = Math.max(window.others, total - window.told);
    },
    (error: unknown) => {
      // They miss one step; this node's own count holds. Telling again at once would make an outage worse.
      log.debug({ err: error, limit: limit.name }, 'Requests were not counted for the other nodes');
    },
  );
}
