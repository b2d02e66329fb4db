import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CopyableId } from '../parts/copyable.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { ConnectionLink } from './connection-link.tsx';
import { connectionNames } from './connection-types.ts';
import { type ConnectionSummary, useConnections } from './queries.ts';
import { StatePill } from './state-pill.tsx';

const route = getRouteApi('/connections');

const columns: readonly Column<ConnectionSummary>[] = [
  { name: 'Connection', leads: true, cell: (connection) => <ConnectionLink connection={connection} /> },
  { name: 'Provider', cell: ({ connection_type: type }) => connectionNames[type] },
  { name: 'Organization', cell: ({ organization_id: id }) => <OrganizationLink id={id} /> },
  { name: 'State', cell: ({ state }) => <StatePill state={state} /> },
  { name: 'ID', cell: ({ id }) => <CopyableId id={id} label="connection id" /> },
  { name: 'Created', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
];

/** Every identity provider that an organization of this environment has. */
export function ConnectionsPage() {
  return (
    <ListPage
      title="Single sign-on"
      sentence="The identity providers of organizations. A connection is created on the page of its organization."
      guide="enterprise-sign-on"
      nouns={['connection', 'connections']}
      placeholder="Search by name"
      query={useConnections(route.useSearch())}
      nothing="No connection"
      empty={{
        sentence: 'No organization has an identity provider yet. Open one, and connect it under Single sign-on.',
        action: (
          <Button asChild variant="outline" color="gray">
            <Link to="/organizations">Show organizations</Link>
          </Button>
        ),
      }}
    >
      {(rows) => <Table label="Connections" columns={columns} rows={rows} rowKey={({ id }) => id} />}
    </ListPage>
  );
}

function OrganizationLink({ id }: { id: string | undefined }) {
  if (id === undefined) return null;
  return (
    <Link
      to="/organizations/$organizationId"
      params={{ organizationId: id }}
      search={{ tab: 'sign-on' }}
      className="text-link"
    >
      Open <span className="unseen">organization {id}</span>
    </Link>
  );
}
