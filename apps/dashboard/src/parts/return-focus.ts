import { useLayoutEffect, useRef } from 'react';

/**
 * For `onCloseAutoFocus` of a dialog: gives the focus back to what had it before. Radix does so for triggers of its own
 * only, and our dialogs are opened by the address, by keys and by buttons far away.
 */
export function useReturnFocus(open: boolean) {
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return (event: Event) => {
    event.preventDefault();
    // Closing may have led to a place that took the focus already.
    if (document.activeElement !== document.body) return;
    const { current } = opener;
    const isThere = current instanceof HTMLElement && current.isConnected && current !== document.body;
    (isThere ? current : document.getElementById('content'))?.focus({ preventScroll: true });
  };
}
