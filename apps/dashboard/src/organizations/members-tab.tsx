import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { Avatar } from '../parts/avatar.tsx';
import { CurlSnippet } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Email } from '../parts/email.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { RowButton, rowActions } from '../parts/row-actions.tsx';
import { Empty } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { fullName } from '../users/full-name.ts';
import { AddMemberDialog } from './add-member-dialog.tsx';
import { type Membership, useMembershipChanges, useMemberships } from './membership-queries.ts';
import type { Organization } from './queries.ts';
import { RoleDialog } from './role-dialog.tsx';
import { roleNames, StatusPill } from './status-pill.tsx';

const route = getRouteApi('/organizations/$organizationId');

/** Who belongs to an organization, in which role. */
export function MembersTab({ organization }: { organization: Organization }) {
  const { dialog, after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const memberships = useMemberships({ organization_id: organization.id }, { after, before });
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'add' : undefined }), replace: !open });
  return (
    <>
      <PagedList
        query={memberships}
        nouns={['member', 'members']}
        tools={
          <div className="tab-tools">
            <Button onClick={() => ask(true)}>Add member</Button>
          </div>
        }
        none={
          <Empty
            sentence="No members yet. Add somebody who has an account, or invite people by mail on the next tab."
            action={<Button onClick={() => ask(true)}>Add member</Button>}
          >
            <CurlSnippet
              title="Add a member over the API"
              method="POST"
              path="/user_management/organization_memberships"
              body={{ user_id: 'user_…', organization_id: organization.id, role_slug: 'member' }}
            />
          </Empty>
        }
      >
        {(rows) => <Members rows={rows} organization={organization} />}
      </PagedList>
      <AddMemberDialog organization={organization} open={dialog === 'add'} onOpenChange={ask} />
    </>
  );
}

const nameOf = ({ user }: Membership): string => fullName(user) ?? user.email;

function Members({ rows, organization }: { rows: readonly Membership[]; organization: Organization }) {
  const { deactivate, reactivate, remove } = useMembershipChanges();
  const [leaving, setLeaving] = useState<Membership | null>(null);
  const [changing, setChanging] = useState<Membership | null>(null);

  /** Both ways are one click, so each offers the other as its undo. */
  function setActive(membership: Membership, isActive: boolean) {
    const [change, past] = isActive ? [reactivate, 'reactivated'] : [deactivate, 'deactivated'];
    change.mutate(membership.id, {
      onSuccess: () => toast(`${nameOf(membership)} ${past}`, () => setActive(membership, !isActive)),
      onError: (error) => toast(sentenceOf(error)),
    });
  }

  const columns: readonly Column<Membership>[] = [
    { name: 'Member', leads: true, cell: (membership) => <MemberLink membership={membership} /> },
    { name: 'Email', className: 'email-column', cell: ({ user }) => <Email address={user.email} /> },
    { name: 'Role', className: 'nowrap', cell: (membership) => <span className="mono">{roleNames(membership)}</span> },
    { name: 'Status', cell: ({ status }) => <StatusPill status={status} /> },
    { name: 'Added', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    rowActions((membership) => {
      const name = nameOf(membership);
      const isActive = membership.status === 'active';
      const verb = isActive ? 'Deactivate' : 'Reactivate';
      return (
        <>
          <RowButton label={`Change the role of ${name}`} onClick={() => setChanging(membership)}>
            Role
          </RowButton>
          {membership.status === 'pending' ? null : (
            <RowButton label={`${verb} ${name}`} onClick={() => setActive(membership, !isActive)}>
              {verb}
            </RowButton>
          )}
          <RowButton label={`Remove ${name}`} danger onClick={() => setLeaving(membership)}>
            Remove
          </RowButton>
        </>
      );
    }),
  ];
  return (
    <>
      <Table label="Members" columns={columns} rows={rows} rowKey={({ id }) => id} />
      <RoleDialog membership={changing} onClose={() => setChanging(null)} />
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={`Remove ${leaving ? nameOf(leaving) : ''} from ${organization.name}?`}
        verb="Remove member"
        onConfirm={async () => {
          if (!leaving) return;
          await remove.mutateAsync(leaving.id);
          toast(`${nameOf(leaving)} removed`);
        }}
      >
        Their sessions in this organization end, and their role is forgotten. The account itself stays.
      </Confirm>
    </>
  );
}

function MemberLink({ membership }: { membership: Membership }) {
  const name = fullName(membership.user);
  return (
    <Link to="/users/$userId" params={{ userId: membership.user_id }} className="who" data-row-link>
      <Avatar name={name ?? membership.user.email} />
      <span>{name ?? <span className="soft">No name</span>}</span>
    </Link>
  );
}
