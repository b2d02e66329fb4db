import { Dialog } from '@radix-ui/themes';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useReturnFocus } from '../parts/return-focus.ts';
import { pages } from './destinations.ts';

export const commandKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
const chordWindowMs = 1200;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Cmd/Ctrl-K anywhere; `?`, `/` and the `g` chords when nobody is typing and no dialog is in the way. */
export function useShortcuts(open: (panel: 'search' | 'shortcuts') => void) {
  const navigate = useNavigate();
  useEffect(() => {
    let chordBegan = Number.NEGATIVE_INFINITY;
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        open('search');
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (
        document.querySelector(
          '[role=dialog][data-state=open], [role=alertdialog][data-state=open], [role=menu][data-state=open]',
        )
      )
        return;
      const page = Object.values(pages).find(({ letter }) => letter === event.key);
      if (page && event.timeStamp - chordBegan < chordWindowMs) {
        event.preventDefault();
        void navigate({ to: page.target.to });
        chordBegan = Number.NEGATIVE_INFINITY;
      } else if (event.key === 'g') {
        chordBegan = event.timeStamp;
      } else if (event.key === '?') {
        open('shortcuts');
      } else if (event.key === '/') {
        const field = document.querySelector<HTMLElement>('[data-page-search]');
        if (!field) return;
        event.preventDefault();
        field.focus();
      }
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [navigate, open]);
}

const general = [
  { keys: [commandKey, 'K'], does: 'Search pages, settings, users, organizations and ids' },
  { keys: ['/'], does: 'Search this page' },
  { keys: ['↑', '↓'], does: 'Walk the rows of a table' },
  { keys: ['?'], does: 'Show this list' },
];

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const returnFocus = useReturnFocus(open);
  const chords = Object.values(pages).map(({ title, letter }) => ({ keys: ['g', letter], does: `Go to ${title}` }));
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content maxWidth="420px" onCloseAutoFocus={returnFocus} aria-describedby={undefined}>
        <Dialog.Title as="h2">Keyboard shortcuts</Dialog.Title>
        <dl className="shortcuts">
          {[...general, ...chords].map(({ keys, does }) => (
            <div key={does}>
              <dt>{does}</dt>
              <dd>
                {keys.map((name) => (
                  <kbd key={name}>{name}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Dialog.Content>
    </Dialog.Root>
  );
}
