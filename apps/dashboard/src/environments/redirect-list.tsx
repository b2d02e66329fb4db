import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { AddRedirect } from './add-redirect.tsx';
import { type ListName, type Redirect, useRedirectChanges, useRedirects } from './redirect-lists.ts';

interface RedirectListProps {
  readonly list: ListName;
  /** "redirect URI": what one entry is called. */
  readonly noun: string;
  /** What a fresh application most likely needs. */
  readonly usual: string;
  /** Whether it is offered with one click while the list is empty. */
  readonly isOffered: boolean;
  /** The entry that the checker found. */
  readonly marked: string | null;
}

export function RedirectList({ list, noun, usual, isOffered, marked }: RedirectListProps) {
  const redirects = useRedirects(list);
  return (
    <>
      <AddRedirect list={list} noun={noun} placeholder={usual} />
      <Loaded query={redirects} lines={3}>
        {(rows) =>
          rows.length > 0 ? (
            <Entries list={list} noun={noun} rows={rows} marked={marked} />
          ) : (
            <FirstEntry list={list} noun={noun} usual={isOffered ? usual : null} />
          )
        }
      </Loaded>
    </>
  );
}

function FirstEntry({ list, noun, usual }: { list: ListName; noun: string; usual: string | null }) {
  const { add } = useRedirectChanges(list);
  if (usual === null) return <Empty sentence={`No ${noun} yet. Add the first one above.`} />;
  return (
    <Empty
      sentence={`No ${noun} yet. While you build, most applications use this one.`}
      action={
        <Button
          variant="outline"
          color="gray"
          loading={add.isPending}
          onClick={() => add.mutate(usual, { onError: (error) => toast(sentenceOf(error)) })}
        >
          Add {usual}
        </Button>
      }
    />
  );
}

function canBeDefault({ default: isDefault, uri }: Redirect): boolean {
  return !isDefault && !uri.includes('*');
}

/** A sign-in that names no redirect URI goes to the default, so there always is one. */
function canBeDeleted(list: ListName, { default: isDefault }: Redirect): boolean {
  return !(isDefault && list === 'redirect_uris');
}

interface EntriesProps {
  readonly list: ListName;
  readonly noun: string;
  readonly rows: readonly Redirect[];
  readonly marked: string | null;
}

function Entries({ list, noun, rows, marked }: EntriesProps) {
  const { makeDefault, remove } = useRedirectChanges(list);
  const [leaving, setLeaving] = useState<Redirect | null>(null);
  const columns: readonly Column<Redirect>[] = [
    {
      name: 'URI',
      leads: true,
      cell: (row) => (
        <span className="inline">
          <WithWildcard uri={row.uri} />
          {row.default ? <Pill tone="brand">Default</Pill> : null}
        </span>
      ),
    },
    { name: 'Added', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    {
      name: 'Actions',
      nameUnseen: true,
      className: 'row-actions',
      cell: (row) => (
        <div className="row-tools">
          {canBeDefault(row) ? (
            <button
              type="button"
              className="quiet-button"
              aria-label={`Make default: ${row.uri}`}
              disabled={makeDefault.isPending}
              onClick={() => makeDefault.mutate(row.id, { onError: (error) => toast(sentenceOf(error)) })}
            >
              Make default
            </button>
          ) : null}
          {canBeDeleted(list, row) ? (
            <button
              type="button"
              className="quiet-button danger-text"
              aria-label={`Delete ${row.uri}`}
              onClick={() => setLeaving(row)}
            >
              Delete
            </button>
          ) : null}
        </div>
      ),
    },
  ];
  return (
    <>
      <Table
        label={`${noun}s`}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        marked={({ id }) => id === marked}
      />
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={`Delete this ${noun}?`}
        verb="Delete"
        onConfirm={async () => {
          if (leaving) await remove.mutateAsync(leaving.id);
        }}
      >
        <bdi className="mono">{leaving?.uri}</bdi> is refused from now on.
        {leaving?.default ? ' It is the default: choose another one afterwards.' : ''}
      </Confirm>
    </>
  );
}

/** The `*` of a pattern in colour, for it is the part that decides. */
function WithWildcard({ uri }: { uri: string }) {
  const [before, after] = uri.split('*');
  return (
    <bdi className="mono" dir="ltr">
      {before}
      {after === undefined ? null : <mark className="wildcard">*</mark>}
      {after}
    </bdi>
  );
}
