import type { Api } from './api.ts';

/** Requests whose answers a test breaks, to see what its app makes of it. */
export interface FailureWanted {
  /** Any when not given. */
  readonly method?: string;
  /** `/user_management/authenticate`, for one. A `*` at its end stands for the rest. */
  readonly path: string;
  /** 400 to 599. */
  readonly status: number;
  /** How many requests. Default 1. */
  readonly times?: number;
  /** The body of the answer, as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestEvent {
  readonly id: string;
  /** `session.created`, for one. */
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has a shape of its own
  readonly data: any;
  readonly created_at: string;
}

/** Everything the platform held at one moment. */
export interface Snapshot {
  readonly id: string;
}

export interface Controls {
  /** Makes the next requests like that fail. `restore` and `reset` end it, too. */
  fail(wanted: FailureWanted): Promise<void>;
  /** Ends every failure that was ordered. */
  heal(): Promise<void>;
  /** What happened, oldest first: the newest thousand. */
  events(wanted?: { readonly name?: string; readonly userId?: string }): Promise<readonly TestEvent[]>;
  /** Remembers everything: people, sessions, mails, keys, and where the clock stands. */
  snapshot(): Promise<Snapshot>;
  /** Puts it all back. What was read of the mailbox since then counts as unread again. */
  restore(snapshot: Snapshot): Promise<void>;
  /** Returns to the first start. */
  reset(): Promise<void>;
}

const newest = 1000;

/** @param read - the ids of mails given out: they belong to what is restored */
export function controlsOf(api: Api, read: Set<string>): Controls {
  const readThen = new Map<string, readonly string[]>();
  return {
    async fail(wanted) {
      await api.call('POST', '/dev/failures', wanted);
    },
    async heal() {
      await api.call('DELETE', '/dev/failures');
    },
    async events({ name, userId } = {}) {
      const query = new URLSearchParams({
        limit: String(newest),
        ...(userId === undefined ? {} : { user_id: userId }),
      });
      const { data } = await api.call('GET', `/dev/events?${query}`);
      return (data as TestEvent[]).reverse().filter(({ event }) => name === undefined || event === name);
    },
    async snapshot() {
      const { id } = await api.call('POST', '/dev/snapshots', {});
      readThen.set(id, [...read]);
      return { id };
    },
    async restore({ id }) {
      await api.call('POST', `/dev/snapshots/${encodeURIComponent(id)}/restore`, {});
      read.clear();
      for (const mail of readThen.get(id) ?? []) read.add(mail);
    },
    async reset() {
      await api.call('POST', '/dev/reset', {});
      read.clear();
    },
  };
}
