import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyButton } from '../parts/copyable.tsx';
import { Email } from '../parts/email.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { RowButton, rowActions } from '../parts/row-actions.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { type Invitation, useInvitationChanges } from './invitation-queries.ts';
import { useOrganization } from './queries.ts';

const tones: Readonly<Record<Invitation['state'], Tone>> = {
  pending: 'warn',
  accepted: 'good',
  expired: 'plain',
  revoked: 'plain',
};

const destination: Column<Invitation> = {
  name: 'To',
  className: 'nowrap',
  cell: ({ organization_id: id }) =>
    id === null ? <span className="soft">the application</span> : <OrganizationLink id={id} />,
};

function OrganizationLink({ id }: { id: string }) {
  const { data } = useOrganization(id);
  return (
    <Link
      to="/organizations/$organizationId"
      params={{ organizationId: id }}
      search={{ tab: 'invitations' }}
      className="text-link"
    >
      <bdi>{data?.name ?? id}</bdi>
    </Link>
  );
}

/**
 * What became of each, and what can be done about those that wait.
 *
 * @param toMany - the rows lead to several organizations, or to none: a column says where
 */
export function InvitationTable({ rows, toMany = false }: { rows: readonly Invitation[]; toMany?: boolean }) {
  const { resend, revoke } = useInvitationChanges();
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  const sendAgain = ({ id }: Invitation) =>
    resend.mutate(id, {
      onSuccess: ({ email }) => toast(`Sent again to ${email}`),
      onError: (error) => toast(sentenceOf(error)),
    });
  const columns: readonly Column<Invitation>[] = [
    { name: 'Email', leads: true, cell: ({ email }) => <Email address={email} /> },
    ...(toMany ? [destination] : []),
    { name: 'State', cell: ({ state }) => <Pill tone={tones[state]}>{state}</Pill> },
    {
      name: 'Role',
      className: 'nowrap',
      cell: ({ organization_id: organization, role_slug: role }) =>
        organization === null ? '–' : <span className="mono">{role ?? 'member'}</span>,
    },
    { name: 'Sent', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    {
      name: 'Expires',
      className: 'soft nowrap',
      cell: ({ state, expires_at: at }) => (state === 'pending' || state === 'expired' ? <Time at={at} /> : '–'),
    },
    rowActions((invitation) =>
      invitation.state === 'pending' ? (
        <>
          <CopyButton value={invitation.accept_invitation_url} label={`Copy the link for ${invitation.email}`} />
          <RowButton
            label={`Resend to ${invitation.email}`}
            disabled={resend.isPending}
            onClick={() => sendAgain(invitation)}
          >
            Resend
          </RowButton>
          <RowButton
            label={`Revoke the invitation of ${invitation.email}`}
            danger
            onClick={() => setLeaving(invitation)}
          >
            Revoke
          </RowButton>
        </>
      ) : null,
    ),
  ];
  return (
    <>
      <Table label="Invitations" columns={columns} rows={rows} rowKey={({ id }) => id} />
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={`Revoke the invitation of ${leaving?.email ?? ''}?`}
        verb="Revoke invitation"
        onConfirm={async () => {
          if (!leaving) return;
          await revoke.mutateAsync(leaving.id);
          toast('Invitation revoked');
        }}
      >
        The link in their mail stops working. You can invite them again.
      </Confirm>
    </>
  );
}
