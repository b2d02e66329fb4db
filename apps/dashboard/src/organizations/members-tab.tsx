import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { Avatar } from '../parts/avatar.tsx';
import { CurlSnippet } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Email } from '../parts/email.tsx';
import { PageFoot } from '../parts/list-tools.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
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
      <Loaded query={memberships} lines={6}>
        {({ data, list_metadata: cursors }) =>
          data.length > 0 ? (
            <div aria-busy={memberships.isPlaceholderData}>
              <div className="tab-tools">
                <Button onClick={() => ask(true)}>Add member</Button>
              </div>
              <Members rows={data} organization={organization} />
              <PageFoot
                nouns={['member', 'members']}
                shown={data.length}
                cursors={cursors}
                onTurn={(cursor) =>
                  navigate({ search: (now) => ({ ...now, after: undefined, before: undefined, ...cursor }) })
                }
              />
            </div>
          ) : (
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
          )
        }
      </Loaded>
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
    {
      name: 'Actions',
      nameUnseen: true,
      className: 'row-actions',
      cell: (membership) => {
        const name = nameOf(membership);
        return (
          <div className="row-tools">
            <button
              type="button"
              className="quiet-button"
              aria-label={`Change the role of ${name}`}
              onClick={() => setChanging(membership)}
            >
              Role
            </button>
            {membership.status === 'pending' ? null : (
              <button
                type="button"
                className="quiet-button"
                aria-label={`${membership.status === 'active' ? 'Deactivate' : 'Reactivate'} ${name}`}
                onClick={() => setActive(membership, membership.status !== 'active')}
              >
                {membership.status === 'active' ? 'Deactivate' : 'Reactivate'}
              </button>
            )}
            <button
              type="button"
              className="quiet-button danger-text"
              aria-label={`Remove ${name}`}
              onClick={() => setLeaving(membership)}
            >
              Remove
            </button>
          </div>
        );
      },
    },
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
