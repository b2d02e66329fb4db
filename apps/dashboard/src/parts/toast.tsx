import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

const lifeMs = 6000;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number) {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Says in passing that something happened elsewhere on the page, or offers to take it back. */
export function toast(text: string, undo?: () => void): void {
  lastId += 1;
  const id = lastId;
  change([...toasts.slice(-2), { id, text, undo }]);
  setTimeout(() => dismiss(id), lifeMs);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, undo }) => (
        <div key={id} className="toast">
          <span>{text}</span>
          {undo ? (
            <button
              type="button"
              className="toast-undo"
              onClick={() => {
                undo();
                dismiss(id);
              }}
            >
              Undo
            </button>
          ) : null}
          <button type="button" className="quiet-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
