import { Button, TextField } from '@radix-ui/themes';
import { useRef } from 'react';

export interface Entry {
  /** Of the row on screen: names change while they are typed. */
  readonly row: number;
  readonly name: string;
  readonly value: string;
}

type Metadata = Readonly<Record<string, string>>;

export const entriesOf = (metadata: Metadata): readonly Entry[] =>
  Object.entries(metadata).map(([name, value], row) => ({ row, name, value }));

/** What the API is to merge: new and changed values, and null for each name that is gone. */
export function changedMetadata(entries: readonly Entry[], saved: Metadata): Record<string, string | null> {
  const wanted = new Map(
    entries.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );
  const gone = Object.keys(saved).filter((name) => !wanted.has(name));
  const changed = [...wanted].filter(([name, value]) => saved[name] !== value);
  return Object.fromEntries([...changed, ...gone.map((name) => [name, null] as const)]);
}

interface MetadataFieldsProps {
  readonly entries: readonly Entry[];
  readonly onChange: (entries: readonly Entry[]) => void;
}

export function MetadataFields({ entries, onChange }: MetadataFieldsProps) {
  const add = useRef<HTMLButtonElement>(null);
  const set = (row: number, part: Partial<Entry>) =>
    onChange(entries.map((entry) => (entry.row === row ? { ...entry, ...part } : entry)));
  return (
    <>
      {entries.map(({ row, name, value }, index) => (
        <div key={row} className="metadata-row">
          <TextField.Root
            aria-label={`Name ${index + 1}`}
            placeholder="Name"
            maxLength={40}
            autoComplete="off"
            value={name}
            onChange={(event) => set(row, { name: event.target.value })}
          />
          <TextField.Root
            aria-label={`Value ${index + 1}`}
            placeholder="Value"
            maxLength={600}
            autoComplete="off"
            value={value}
            onChange={(event) => set(row, { value: event.target.value })}
          />
          <button
            type="button"
            className="quiet-button danger-text"
            aria-label={`Remove ${name || `value ${index + 1}`}`}
            onClick={() => {
              onChange(entries.filter((entry) => entry.row !== row));
              add.current?.focus();
            }}
          >
            Remove
          </button>
        </div>
      ))}
      <Button
        ref={add}
        variant="outline"
        color="gray"
        onClick={() =>
          onChange([...entries, { row: Math.max(-1, ...entries.map(({ row }) => row)) + 1, name: '', value: '' }])
        }
      >
        Add value
      </Button>
    </>
  );
}
