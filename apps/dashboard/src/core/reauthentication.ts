import { useSyncExternalStore } from 'react';

/** Where the server asks an operator to go who wants something that cannot be taken back; null while nobody has to. */
let wanted: string | null = null;
const listeners = new Set<() => void>();

function change(next: string | null) {
  wanted = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useReauthentication(): string | null {
  return useSyncExternalStore(subscribe, () => wanted);
}

export function forgetReauthentication(): void {
  change(null);
}

/** Looks whether a refusal asks for a fresh sign-in. Reads a copy of the answer, which the caller reads as well. */
export async function noteReauthentication(response: Response): Promise<void> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (typeof body !== 'object' || body === null) return;
  const { code, reauthenticate_url: url } = body as Record<string, unknown>;
  if (code === 'reauthentication_required' && typeof url === 'string') change(url);
}
