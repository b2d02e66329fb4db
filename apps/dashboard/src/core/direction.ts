import { useSyncExternalStore } from 'react';

type Direction = 'ltr' | 'rtl';

const directionNow = (): Direction => (document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr');

function onChange(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ['dir'] });
  return () => observer.disconnect();
}

/** The direction of the document. Radix writes `ltr` on what it draws, with everything inside, unless it is told. */
export const useDirection = (): Direction => useSyncExternalStore(onChange, directionNow);
