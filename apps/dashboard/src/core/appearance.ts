import { useSyncExternalStore } from 'react';

/** What the operator asked for; public/appearance.js reads the same key before the first paint. */
export type Appearance = 'system' | 'light' | 'dark';

const key = 'authkit.appearance';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function read(): Appearance {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply() {
  const choice = read();
  const dark = choice === 'system' ? systemDark.matches : choice === 'dark';
  document.documentElement.classList.toggle('dark', dark);
  document.documentElement.classList.toggle('light', !dark);
  for (const listener of listeners) listener();
}

systemDark.addEventListener('change', apply);

export function chooseAppearance(choice: Appearance): void {
  localStorage.setItem(key, choice);
  apply();
}

export function useAppearance(): Appearance {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}
