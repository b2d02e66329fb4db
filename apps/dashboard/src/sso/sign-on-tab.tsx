import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import type { Organization } from '../organizations/queries.ts';
import { Section } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { ConnectionLink } from './connection-link.tsx';
import { connectionNames } from './connection-types.ts';
import { CreateConnectionDialog } from './create-connection-dialog.tsx';
import { type Connection, useConnectionsOf } from './queries.ts';
import { expiryOf, SimulatedPill, StatePill } from './state-pill.tsx';

const route = getRouteApi('/organizations/$organizationId');

const columns: readonly Column<Connection>[] = [
  { name: 'Connection', leads: true, cell: (connection) => <ConnectionLink connection={connection} /> },
  { name: 'Provider', cell: ({ connection_type: type }) => connectionNames[type] },
  { name: 'State', cell: (connection) => <States connection={connection} /> },
];

/** The identity providers of an organization. */
export function SignOnTab({ organization }: { organization: Organization }) {
  const { dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const connections = useConnectionsOf(organization.id);
  const create = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'connect' : undefined }), replace: !open });
  const isEmpty = connections.data?.data.length === 0;
  return (
    <>
      <Section
        id="single-sign-on"
        title="Single sign-on"
        formerly="SSO connections"
        about="People of this organization sign in where they sign in to everything else: at its own identity provider."
        guide="enterprise-sign-on"
        action={isEmpty ? null : <Button onClick={() => create(true)}>Create connection</Button>}
      >
        <Loaded query={connections} lines={3}>
          {({ data }) =>
            data.length > 0 ? (
              <Table label="Connections" columns={columns} rows={data} rowKey={({ id }) => id} />
            ) : (
              <Empty
                sentence="No connection yet. With one, an address of a verified domain leads straight to the provider."
                action={<Button onClick={() => create(true)}>Create connection</Button>}
              />
            )
          }
        </Loaded>
      </Section>
      <CreateConnectionDialog organization={organization} open={dialog === 'connect'} onOpenChange={create} />
    </>
  );
}

function States({ connection }: { connection: Connection }) {
  const notices = connection.certificates.map(({ not_after: at }) => expiryOf(at));
  // While one certificate still has time, the provider has only changed its key.
  const notice = notices.includes(null) ? null : notices[0];
  return (
    <span className="inline">
      <StatePill state={connection.state} />
      <SimulatedPill is_simulated={connection.is_simulated} />
      {connection.is_complete ? null : <Pill tone="warn">not set up</Pill>}
      {notice ? <Pill tone={notice.tone}>certificate {notice.text}</Pill> : null}
    </span>
  );
}
