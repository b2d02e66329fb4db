import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { CurlSnippet } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyButton } from '../parts/copyable.tsx';
import { Email } from '../parts/email.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { RowButton, rowActions } from '../parts/row-actions.tsx';
import { Empty } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { type Invitation, useInvitationChanges, useInvitations } from './invitation-queries.ts';
import { InviteDialog } from './invite-dialog.tsx';
import type { Organization } from './queries.ts';

const route = getRouteApi('/organizations/$organizationId');

const tones: Readonly<Record<Invitation['state'], Tone>> = {
  pending: 'warn',
  accepted: 'good',
  expired: 'plain',
  revoked: 'plain',
};

/** Who was asked to join an organization, and what became of it. */
export function InvitationsTab({ organization }: { organization: Organization }) {
  const { dialog, after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const invitations = useInvitations(organization.id, { after, before });
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'invite' : undefined }), replace: !open });
  return (
    <>
      <PagedList
        query={invitations}
        nouns={['invitation', 'invitations']}
        tools={
          <div className="tab-tools">
            <Button onClick={() => ask(true)}>Invite</Button>
          </div>
        }
        none={
          <Empty
            sentence="Nobody has been invited. A mail brings a link, with which they sign up or sign in as a member."
            action={<Button onClick={() => ask(true)}>Invite</Button>}
          >
            <CurlSnippet
              title="Invite somebody over the API"
              method="POST"
              path="/user_management/invitations"
              body={{ email: 'grace@example.com', organization_id: organization.id }}
            />
          </Empty>
        }
      >
        {(rows) => <Invitations rows={rows} />}
      </PagedList>
      <InviteDialog organization={organization} open={dialog === 'invite'} onOpenChange={ask} />
    </>
  );
}

function Invitations({ rows }: { rows: readonly Invitation[] }) {
  const { resend, revoke } = useInvitationChanges();
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  const sendAgain = ({ id }: Invitation) =>
    resend.mutate(id, {
      onSuccess: ({ email }) => toast(`Sent again to ${email}`),
      onError: (error) => toast(sentenceOf(error)),
    });
  const columns: readonly Column<Invitation>[] = [
    { name: 'Email', leads: true, cell: ({ email }) => <Email address={email} /> },
    { name: 'State', cell: ({ state }) => <Pill tone={tones[state]}>{state}</Pill> },
    {
      name: 'Role',
      className: 'nowrap',
      cell: ({ role_slug: role }) => <span className="mono">{role ?? 'member'}</span>,
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
