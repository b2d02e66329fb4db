import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Avatar } from '../parts/avatar.tsx';
import { ApiCall } from '../parts/code-block.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Empty } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { type Membership, useMemberships } from './membership-queries.ts';
import type { Cursor } from './queries.ts';
import { roleNames, StatusPill } from './status-pill.tsx';

const columns: readonly Column<Membership>[] = [
  {
    name: 'Organization',
    leads: true,
    cell: ({ organization_id: organizationId, organization_name: name = organizationId }) => (
      <Link to="/organizations/$organizationId" params={{ organizationId }} className="who" data-row-link>
        <Avatar name={name} />
        <span>{name}</span>
      </Link>
    ),
  },
  { name: 'Role', className: 'nowrap', cell: (membership) => <span className="mono">{roleNames(membership)}</span> },
  { name: 'Status', cell: ({ status }) => <StatusPill status={status} /> },
  { name: 'Membership ID', cell: ({ id }) => <CopyableId id={id} label="membership id" /> },
  { name: 'Since', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
];

/** To which organizations a user belongs. */
export function MembershipsTab({ userId }: { userId: string }) {
  const [cursor, setCursor] = useState<Cursor>({});
  const memberships = useMemberships({ user_id: userId }, cursor);
  return (
    <PagedList
      query={memberships}
      nouns={['organization', 'organizations']}
      lines={4}
      onTurn={setCursor}
      none={
        <Empty sentence="In no organization. Members are added on the page of an organization, or invited there.">
          <ApiCall method="GET" path={`/user_management/organization_memberships?user_id=${userId}`} />
        </Empty>
      }
    >
      {(rows) => <Table label="Organizations" columns={columns} rows={rows} rowKey={({ id }) => id} />}
    </PagedList>
  );
}
