import { useEffect, useState } from 'react';

const storageKey = 'authkit.drafts';

interface KeptDrafts {
  readonly pathname: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What was being typed when this tab went to the sign-in page; taken once, by the page it belongs to. */
const kept = takeKept();
const current = new Map<string, unknown>();

function takeKept(): Map<string, unknown> {
  const stored = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  if (stored === null) return new Map();
  const { pathname, values } = JSON.parse(stored) as KeptDrafts;
  return new Map(pathname === window.location.pathname ? Object.entries(values) : []);
}

/** State that survives the way to the sign-in page and back. Never for passwords: it rests in the tab's storage. */
export function useDraft<Value>(name: string, initial: Value) {
  const [value, setValue] = useState<Value>(() => (kept.has(name) ? (kept.get(name) as Value) : initial));
  useEffect(() => {
    kept.delete(name);
    current.set(name, value);
    return () => void current.delete(name);
  }, [name, value]);
  return [value, setValue] as const;
}

/** Called before this tab leaves for the sign-in page. */
export function keepDrafts(): void {
  const drafts: KeptDrafts = { pathname: window.location.pathname, values: Object.fromEntries(current) };
  sessionStorage.setItem(storageKey, JSON.stringify(drafts));
}
