import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { problemWith, sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Email } from '../parts/email.tsx';
import { TextInput } from '../parts/field.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Pill } from '../parts/pill.tsx';
import { RowButton, rowActions } from '../parts/row-actions.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { type SuppressedAddress, useSuppressedAddresses, useSuppressionChanges } from './queries.ts';

const route = getRouteApi('/emails/suppressed');

/** Addresses to which nothing goes any more. */
export function SuppressedPage() {
  return (
    <ListPage
      title="Suppressed addresses"
      sentence="Nothing is sent to them: their mail server refused them for good, or you added them."
      guide="mail"
      nouns={['address', 'addresses']}
      placeholder="Search by a part of the address"
      query={useSuppressedAddresses(route.useSearch())}
      nothing="No address on the list"
      empty={{ sentence: 'No suppressed addresses.' }}
      lead={<AddAddress />}
    >
      {(rows) => <Addresses rows={rows} />}
    </ListPage>
  );
}

function AddAddress() {
  const [email, setEmail] = useState('');
  const [note, setNote] = useState('');
  const { add } = useSuppressionChanges();

  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(
      { email: email.trim(), note: note.trim() || null },
      {
        onSuccess: (added) => {
          setEmail('');
          setNote('');
          toast(`Nothing more goes to ${added.email}`);
        },
      },
    );
  }

  const problem = add.error ? (problemWith(add.error, 'email') ?? sentenceOf(add.error)) : undefined;
  return (
    <form className="mail-suppress" onSubmit={submit} noValidate>
      <TextInput
        label="Address"
        type="email"
        dir="ltr"
        autoComplete="off"
        placeholder="somebody@example.com"
        value={email}
        onChange={(event) => {
          setEmail(event.target.value);
          add.reset();
        }}
        problem={problem}
      />
      <TextInput
        label="Why (may be left empty)"
        autoComplete="off"
        maxLength={300}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        beside={
          <Button type="submit" loading={add.isPending}>
            Suppress address
          </Button>
        }
      />
    </form>
  );
}

function Addresses({ rows }: { rows: readonly SuppressedAddress[] }) {
  const { allow } = useSuppressionChanges();
  const [leaving, setLeaving] = useState<SuppressedAddress | null>(null);
  const columns: readonly Column<SuppressedAddress>[] = [
    { name: 'Email', leads: true, cell: ({ email }) => <Email address={email} /> },
    {
      name: 'Reason',
      cell: ({ reason }) => (
        <Pill tone={reason === 'refused' ? 'danger' : 'plain'}>
          {reason === 'refused' ? 'refused' : 'added by hand'}
        </Pill>
      ),
    },
    {
      name: 'Detail',
      cell: ({ detail }) => (detail ? <bdi className="mail-why">{detail}</bdi> : <span className="soft">none</span>),
    },
    { name: 'Since', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    rowActions((entry) => (
      <RowButton label={`Allow again: ${entry.email}`} onClick={() => setLeaving(entry)}>
        Allow again
      </RowButton>
    )),
  ];
  return (
    <>
      <Table label="Suppressed addresses" columns={columns} rows={rows} rowKey={({ id }) => id} />
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={`Send to ${leaving?.email ?? ''} again?`}
        verb="Allow again"
        onConfirm={async () => {
          if (!leaving) return;
          await allow.mutateAsync(leaving.id);
          toast(`${leaving.email} gets mails again`);
        }}
      >
        Mails that are caused from now on are sent. If the address is refused once more, it is back on the list.
      </Confirm>
    </>
  );
}
