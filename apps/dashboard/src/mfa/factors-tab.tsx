import { type Answer, unwrap } from '@authkit/client';
import { Button } from '@radix-ui/themes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';

type Factor = Answer<'/user_management/users/{id}/auth_factors', 'get'>['data'][number];

/** Nobody has as many. */
const shown = 50;

function useFactors(userId: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('factors', userId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/user_management/users/{id}/auth_factors', {
          params: { path: { id: userId }, query: { limit: shown } },
          signal,
        }),
      ),
  });
}

function useResetFactors(userId: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST('/dashboard/api/users/{id}/auth_factors/reset', { params: { path: { id: userId } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: key('events') });
      return queries.invalidateQueries({ queryKey: key('factors', userId) });
    },
  });
}

const columns: readonly Column<Factor>[] = [
  { name: 'Shown as', leads: true, cell: ({ totp }) => totp?.issuer ?? 'Authenticator app' },
  { name: 'Account', className: 'soft', cell: ({ totp }) => totp?.user ?? '' },
  { name: 'ID', cell: ({ id }) => <CopyableId id={id} label="factor id" /> },
  { name: 'Added', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
];

/** The authenticator apps of a user, and the way out for those who lost theirs. */
export function FactorsTab({ userId }: { userId: string }) {
  const factors = useFactors(userId);
  const reset = useResetFactors(userId);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Loaded query={factors}>
        {({ data }) =>
          data.length > 0 ? (
            <Table label="Authenticator apps" columns={columns} rows={data} rowKey={({ id }) => id} />
          ) : (
            <Empty sentence="No authenticator apps. Where two-step verification is required, this user sets it up at the next sign-in." />
          )
        }
      </Loaded>
      <section className="danger-zone" aria-labelledby="reset-factors">
        <div>
          <h2 id="reset-factors">Reset two-step verification</h2>
          <p>For somebody who lost their device and has no recovery code. Make sure first that it is they who ask.</p>
        </div>
        <Button variant="outline" color="red" onClick={() => setAsking(true)}>
          Reset two-step verification
        </Button>
        <Confirm
          open={asking}
          onOpenChange={setAsking}
          title="Reset two-step verification of this user?"
          verb="Reset two-step verification"
          onConfirm={async () => {
            await reset.mutateAsync();
            toast('Two-step verification reset');
          }}
        >
          Every authenticator app and recovery code goes, and all sessions end. The user is told by mail.
        </Confirm>
      </section>
    </>
  );
}
