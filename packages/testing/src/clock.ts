import type { Api } from './api.ts';
import { type Duration, secondsOf } from './duration.ts';

/** The platform's clock. It runs on from where it is put; codes, tokens and sessions follow it, browsers do not. */
export interface TestClock {
  now(): Promise<Date>;
  /** Moves it on; a negative duration moves it back. @returns the new time */
  advance(by: Duration): Promise<Date>;
  set(time: Date | string): Promise<Date>;
  /** Returns to real time. */
  reset(): Promise<Date>;
}

export function clockOf(api: Api): TestClock {
  const ask = async (method: string, body?: object): Promise<Date> =>
    new Date((await api.call(method, '/dev/clock', body)).now);
  return {
    now: () => ask('GET'),
    advance: async (by) => ask('POST', { advance_seconds: secondsOf(by) }),
    set: async (time) => ask('POST', { now: new Date(time).toISOString() }),
    reset: () => ask('DELETE'),
  };
}
