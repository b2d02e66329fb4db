import { Button } from '@radix-ui/themes';
import type { UseQueryResult } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentenceOf } from '../core/problems.ts';

/** Grey lines in the shape of what is coming. CSS holds them back for 200 ms: a fast answer never flickers. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="unseen">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move
        <span key={line} className="skeleton-line" />
      ))}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className="failure" role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <p>{sentenceOf(error)}</p>
      <Button variant="outline" color="gray" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** What a query has to show: its data, or that it is on its way, or why it is not. */
export function Loaded<Data>({ query, lines, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failure error={query.error} onRetry={() => query.refetch()} />;
  return lines === undefined ? <Skeleton /> : <Skeleton lines={lines} />;
}

/** An empty place that teaches: one sentence, one button, one thing to paste. */
export function Empty({ sentence, action, children }: { sentence: string; action?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <p>{sentence}</p>
      {action}
      {children ? <div className="empty-more">{children}</div> : null}
    </div>
  );
}
