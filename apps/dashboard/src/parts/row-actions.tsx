import type { ReactNode } from 'react';
import type { Column } from './table.tsx';

/** The last column of a table: what can be done with a row. */
export const rowActions = <Row,>(actions: (row: Row) => ReactNode): Column<Row> => ({
  name: 'Actions',
  nameUnseen: true,
  className: 'row-actions',
  cell(row) {
    const shown = actions(row);
    return shown ? <div className="row-tools">{shown}</div> : null;
  },
});

interface RowButtonProps {
  /** What it does, and to what. */
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

export function RowButton({ label, danger = false, disabled = false, onClick, children }: RowButtonProps) {
  return (
    <button
      type="button"
      className={danger ? 'quiet-button danger-text' : 'quiet-button'}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
