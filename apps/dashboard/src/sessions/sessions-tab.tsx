import { type Answer, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { ApiCall } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { deviceName } from './device-name.ts';

type Session = Answer<'/user_management/users/{id}/sessions', 'get'>['data'][number];

const tones: Readonly<Record<string, Tone>> = { active: 'good' };
const shown = 50;

function useSessions(userId: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('sessions', userId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/user_management/users/{id}/sessions', {
          params: { path: { id: userId }, query: { limit: shown } },
          signal,
        }),
      ),
  });
}

function useRevokeSession(userId: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: string) =>
      unwrap(api.POST('/user_management/sessions/revoke', { body: { session_id: sessionId } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: key('events') });
      return queries.invalidateQueries({ queryKey: key('sessions', userId) });
    },
  });
}

/** Where a user is signed in, and was. */
export function SessionsTab({ userId }: { userId: string }) {
  const sessions = useSessions(userId);
  const revoke = useRevokeSession(userId);
  const [ending, setEnding] = useState<Session | null>(null);
  const columns: readonly Column<Session>[] = [
    {
      name: 'Device',
      leads: true,
      cell: ({ user_agent: agent }) => <span title={agent ?? undefined}>{deviceName(agent)}</span>,
    },
    { name: 'State', cell: ({ status }) => <Pill tone={tones[status] ?? 'plain'}>{status}</Pill> },
    { name: 'Method', cell: ({ auth_method: method }) => method.replaceAll('_', ' ') },
    { name: 'Address', cell: ({ ip_address: address }) => <bdi className="mono">{address ?? 'unknown'}</bdi> },
    { name: 'ID', cell: ({ id }) => <CopyableId id={id} label="session id" /> },
    { name: 'Started', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    {
      name: 'Ends',
      className: 'soft nowrap',
      cell: ({ ended_at: ended, expires_at: expires }) => <Time at={ended ?? expires} />,
    },
    {
      name: 'Actions',
      nameUnseen: true,
      className: 'row-actions',
      cell: (session) =>
        session.status === 'active' ? (
          <div className="row-tools">
            <button
              type="button"
              className="quiet-button danger-text"
              aria-label={`Revoke the session on ${deviceName(session.user_agent)}`}
              onClick={() => setEnding(session)}
            >
              Revoke
            </button>
          </div>
        ) : null,
    },
  ];

  return (
    <>
      <Loaded query={sessions}>
        {({ data }) =>
          data.length > 0 ? (
            <Table label="Sessions" columns={columns} rows={data} rowKey={({ id }) => id} />
          ) : (
            <Empty sentence="No sessions. One begins when this user signs in to your application.">
              <ApiCall method="GET" path={`/user_management/users/${userId}/sessions`} />
            </Empty>
          )
        }
      </Loaded>
      <Confirm
        open={ending !== null}
        onOpenChange={(open) => open || setEnding(null)}
        title="Revoke this session?"
        verb="Revoke session"
        onConfirm={async () => {
          if (!ending) return;
          await revoke.mutateAsync(ending.id);
          toast('Session revoked');
        }}
      >
        {deviceName(ending?.user_agent ?? null)} is signed out as soon as its access token runs out, and cannot renew
        it.
      </Confirm>
    </>
  );
}
