import { useEffect } from 'react';

/** Once the sentences of a refused save stand at their fields, the first of those fields has the focus. */
export function useFocusOnProblem(error: unknown): void {
  useEffect(() => {
    if (error) document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus();
  }, [error]);
}
