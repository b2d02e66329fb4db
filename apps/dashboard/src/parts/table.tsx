import type { KeyboardEvent, ReactNode } from 'react';

export interface Column<Row> {
  readonly name: string;
  /** Keeps the heading for assistive technology only, as over a column of buttons. */
  readonly nameUnseen?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Leads the card that a row becomes on a narrow screen, without repeating its heading. */
  readonly leads?: boolean;
  readonly className?: string;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly marked?: ((row: Row) => boolean) | undefined;
}

/** Rows that become cards below 720 px. Up and down walk the rows that lead somewhere; Enter follows. */
export function Table<Row>({ label, columns, rows, rowKey, marked }: TableProps<Row>) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, nameUnseen, className }) => (
            <th key={name} scope="col" className={className}>
              {nameUnseen ? <span className="unseen">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={walk}>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-marked={marked?.(row) || undefined}>
            {columns.map(({ name, nameUnseen, cell, leads, className }) => (
              <td
                key={name}
                className={className}
                data-label={leads || nameUnseen ? undefined : name}
                data-leads={leads}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function walk(event: KeyboardEvent<HTMLTableSectionElement>) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLElement)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')];
  const row = event.target.closest('tr')?.querySelector<HTMLElement>('[data-row-link]');
  const next = links[(row ? links.indexOf(row) : -1) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
