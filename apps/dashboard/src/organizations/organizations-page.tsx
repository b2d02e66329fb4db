import { getRouteApi, Link } from '@tanstack/react-router';
import { Avatar } from '../parts/avatar.tsx';
import { CurlSnippet } from '../parts/code-block.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Pill } from '../parts/pill.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { CreateOrganizationDialog } from './create-organization-dialog.tsx';
import { type Organization, useOrganizations } from './queries.ts';

const route = getRouteApi('/organizations');
const domainsInRow = 2;

const columns: readonly Column<Organization>[] = [
  { name: 'Organization', leads: true, cell: (organization) => <OrganizationLink organization={organization} /> },
  { name: 'ID', cell: ({ id }) => <CopyableId id={id} label="organization id" /> },
  { name: 'Domains', cell: ({ domains }) => <DomainNames domains={domains} /> },
  { name: 'Created', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
];

export function OrganizationsPage() {
  const { dialog: _, ...view } = route.useSearch();
  return (
    <ListPage
      title="Organizations"
      sentence="The companies and teams your users belong to, each with its members and its rules."
      nouns={['organization', 'organizations']}
      placeholder="Search by name"
      query={useOrganizations(view)}
      nothing="No organization"
      empty={{
        sentence: 'An organization is a customer of yours: its people sign in to it, and its rules hold for them.',
        snippet: (
          <CurlSnippet
            title="Create an organization over the API"
            method="POST"
            path="/organizations"
            body={{ name: 'Acme', domain_data: [{ domain: 'acme.com', state: 'pending' }] }}
          />
        ),
      }}
      create={{ verb: 'Create organization', Dialog: CreateOrganizationDialog }}
    >
      {(rows) => <Table label="Organizations" columns={columns} rows={rows} rowKey={({ id }) => id} />}
    </ListPage>
  );
}

function OrganizationLink({ organization: { id, name } }: { organization: Organization }) {
  return (
    <Link to="/organizations/$organizationId" params={{ organizationId: id }} className="who" data-row-link>
      <Avatar name={name} />
      <span>{name}</span>
    </Link>
  );
}

function DomainNames({ domains }: Pick<Organization, 'domains'>) {
  if (domains.length === 0) return <span className="soft">none</span>;
  const rest = domains.length - domainsInRow;
  return (
    <span className="inline">
      {domains.slice(0, domainsInRow).map(({ id, domain, state }) => (
        <span key={id} className="inline">
          <bdi className="email">{domain}</bdi>
          {state === 'verified' ? null : <Pill tone="warn">unverified</Pill>}
        </span>
      ))}
      {rest > 0 ? <span className="soft">and {rest} more</span> : null}
    </span>
  );
}
