import { type Answer, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';

type Passkey = Answer<'/dashboard/api/users/{id}/passkeys', 'get'>['data'][number];

/** Nobody has as many. */
const shown = 50;

function usePasskeys(userId: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('passkeys', userId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/dashboard/api/users/{id}/passkeys', {
          params: { path: { id: userId }, query: { limit: shown } },
          signal,
        }),
      ),
  });
}

function useDeletePasskey(userId: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/dashboard/api/passkeys/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: key('events') });
      return queries.invalidateQueries({ queryKey: key('passkeys', userId) });
    },
  });
}

/** With which passkeys a user may sign in. */
export function PasskeysTab({ userId }: { userId: string }) {
  const passkeys = usePasskeys(userId);
  const remove = useDeletePasskey(userId);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const columns: readonly Column<Passkey>[] = [
    { name: 'Name', leads: true, cell: ({ name }) => name },
    {
      name: 'Kept',
      cell: ({ synced }) => <Pill tone="plain">{synced ? 'on several devices' : 'on one device'}</Pill>,
    },
    { name: 'ID', cell: ({ id }) => <CopyableId id={id} label="passkey id" /> },
    { name: 'Added', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    {
      name: 'Last used',
      className: 'soft nowrap',
      cell: ({ last_used_at: at }) => (at === null ? 'never' : <Time at={at} />),
    },
    {
      name: 'Actions',
      nameUnseen: true,
      className: 'row-actions',
      cell: (passkey) => (
        <div className="row-tools">
          <button
            type="button"
            className="quiet-button danger-text"
            aria-label={`Delete the passkey ${passkey.name}`}
            onClick={() => setRemoving(passkey)}
          >
            Delete
          </button>
        </div>
      ),
    },
  ];

  return (
    <>
      <Loaded query={passkeys}>
        {({ data }) =>
          data.length > 0 ? (
            <Table label="Passkeys" columns={columns} rows={data} rowKey={({ id }) => id} />
          ) : (
            <Empty sentence="No passkeys. This user makes one after signing in, where their device can keep it." />
          )
        }
      </Loaded>
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => open || setRemoving(null)}
        title="Delete this passkey?"
        verb="Delete passkey"
        onConfirm={async () => {
          if (!removing) return;
          await remove.mutateAsync(removing.id);
          toast('Passkey deleted');
        }}
      >
        {removing?.name} will sign nobody in any more. The device that keeps it goes on offering it until its owner
        deletes it there.
      </Confirm>
    </>
  );
}
