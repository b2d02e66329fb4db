import { LRUCache } from 'lru-cache';
import type { Database } from './sql/index.ts';

/** How long another node may go on with what it knows, in milliseconds. Every cache of ours keeps to it. */
export const cacheTtlMs = 5000;

interface Cache<V> {
  /** The value under `key`, loaded at most once however many ask at the same time. A failed load is not kept. */
  get(db: Database, key: string, load: () => Promise<V>): Promise<V>;
  /** This node forgets at once; the others within `cacheTtlMs`. */
  forget(db: Database, key: string): void;
  forgetAll(db: Database): void;
}

/** A small bounded memory for what every request reads and hardly anything changes. Each server has its own. */
export function cache<V>(options: { max: number; ttlMs?: number }): Cache<V> {
  const perDatabase = new WeakMap<Database, LRUCache<string, { readonly value: Promise<V> }>>();
  const of = (db: Database): LRUCache<string, { readonly value: Promise<V> }> => {
    let entries = perDatabase.get(db);
    if (!entries) {
      entries = new LRUCache({ max: options.max, ttl: options.ttlMs ?? cacheTtlMs });
      perDatabase.set(db, entries);
      all.push(new WeakRef(entries as LRUCache<string, object>));
    }
    return entries;
  };
  return {
    get(db, key, load) {
      const entries = of(db);
      const known = entries.get(key);
      if (known) return known.value;
      const entry = { value: load() };
      entries.set(key, entry);
      entry.value.catch(() => {
        if (entries.peek(key) === entry) entries.delete(key);
      });
      return entry.value;
    },
    forget: (db, key) => of(db).delete(key),
    forgetAll: (db) => of(db).clear(),
  };
}

const all: WeakRef<LRUCache<string, object>>[] = [];

/** After the tables were replaced underneath (reset, restored snapshot) nothing remembered is true any more. */
export function forgetEverything(): void {
  for (const entries of all) entries.deref()?.clear();
}
