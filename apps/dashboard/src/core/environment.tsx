import type { Answer, AuthkitClient } from '@authkit/client';
import { createContext, useContext } from 'react';

export type Me = Answer<'/dashboard/api/me', 'get'>;
export type EnvironmentSummary = Me['environments'][number];

interface Desk {
  readonly me: Me;
  /** The environment every page is about. */
  readonly environment: EnvironmentSummary;
  /** Speaks about that environment. */
  readonly api: AuthkitClient;
  /** A query key that another environment cannot collide with. */
  readonly key: (...parts: readonly unknown[]) => readonly unknown[];
}

const DeskContext = createContext<Desk | null>(null);

export const DeskProvider = DeskContext.Provider;

/** Who is signed in, which environment is on the desk, and the client for it. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('useDesk() outside of the frame');
  return desk;
}
