import type { NextRequest } from 'next/server';

const LIMIT = 300;
const WINDOW_MS = 60_000;

let endsAt = 0;
const counts = new Map<string, number>();

/** Counts for this process alone, which is enough for an example: an app on several keeps its counts in a store. */
export function withinLimit({ headers }: NextRequest): boolean {
  if (Date.now() >= endsAt) {
    counts.clear();
    endsAt = Date.now() + WINDOW_MS;
  }
  // As the proxy in front of the app says it. Without one, anybody can send this header.
  const from = headers.get('x-forwarded-for') ?? 'unknown';
  const count = (counts.get(from) ?? 0) + 1;
  counts.set(from, count);
  return count <= LIMIT;
}
