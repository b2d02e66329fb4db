import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageFoot } from './list-tools.tsx';
import { Loaded } from './states.tsx';

export interface Paged<Row> {
  readonly data: readonly Row[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

interface PagedListProps<Row> {
  readonly query: UseQueryResult<Paged<Row>>;
  /** What one row and several rows are called. */
  readonly nouns: readonly [one: string, several: string];
  /** How many grey lines stand for it while it loads. */
  readonly lines?: number;
  /** In the place of a list without rows. */
  readonly none: ReactNode;
  /** Above the rows, where there are any. */
  readonly tools?: ReactNode;
  /** The cursor stands in the address when this is not given. */
  readonly onTurn?: (cursor: { after?: string; before?: string }) => void;
  /** The rows, as a table. */
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** One page of a list: its rows and the way on, or what stands in its place. */
export function PagedList<Row>({ query, nouns, lines = 6, none, tools, onTurn, children }: PagedListProps<Row>) {
  const navigate = useNavigate();
  const turn = (cursor: { after?: string; before?: string }) =>
    navigate({ to: '.', search: (now) => ({ ...now, after: undefined, before: undefined, ...cursor }) });
  return (
    <Loaded query={query} lines={lines}>
      {({ data, list_metadata: cursors }) =>
        data.length > 0 ? (
          <div aria-busy={query.isPlaceholderData}>
            {tools}
            {children(data)}
            <PageFoot nouns={nouns} shown={data.length} cursors={cursors} onTurn={onTurn ?? turn} />
          </div>
        ) : (
          none
        )
      }
    </Loaded>
  );
}
