import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Avatar } from '../parts/avatar.tsx';
import { CurlSnippet } from '../parts/code-block.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { ListSearch, PageFoot } from '../parts/list-tools.tsx';
import { Page } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
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
  const { dialog, ...view } = route.useSearch();
  const navigate = route.useNavigate();
  const organizations = useOrganizations(view);
  const showDialog = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'create' : undefined }), replace: !open });
  // The empty list offers the button itself; two of them would ask which one is meant.
  const isEmpty = organizations.data?.data.length === 0 && !view.search;
  const createButton = isEmpty ? null : <Button onClick={() => showDialog(true)}>Create organization</Button>;

  return (
    <Page
      title="Organizations"
      sentence="The companies and teams your users belong to, each with its members and its rules."
      action={createButton}
    >
      <ListSearch
        label="Search organizations"
        placeholder="Search by name"
        path="/organizations"
        shown={view.search ?? ''}
        onSearch={(search) =>
          navigate({ search: (now) => ({ ...now, search, after: undefined, before: undefined }), replace: true })
        }
      />
      <Loaded query={organizations} lines={8}>
        {({ data, list_metadata: cursors }) => (
          <div aria-busy={organizations.isPlaceholderData}>
            {data.length > 0 ? (
              <>
                <Table label="Organizations" columns={columns} rows={data} rowKey={({ id }) => id} />
                <PageFoot
                  nouns={['organization', 'organizations']}
                  shown={data.length}
                  cursors={cursors}
                  onTurn={(cursor) =>
                    navigate({ search: (now) => ({ ...now, after: undefined, before: undefined, ...cursor }) })
                  }
                />
              </>
            ) : (
              <None search={view.search} onCreate={() => showDialog(true)} />
            )}
          </div>
        )}
      </Loaded>
      <CreateOrganizationDialog open={dialog === 'create'} onOpenChange={showDialog} />
    </Page>
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

function None({ search, onCreate }: { search: string | undefined; onCreate: () => void }) {
  const navigate = route.useNavigate();
  if (search) {
    return (
      <Empty
        sentence={`No organization matches “${search}”.`}
        action={
          <Button variant="outline" color="gray" onClick={() => navigate({ search: {} })}>
            Clear search
          </Button>
        }
      />
    );
  }
  return (
    <Empty
      sentence="An organization is a customer of yours: its people sign in to it, and its rules hold for them."
      action={<Button onClick={onCreate}>Create organization</Button>}
    >
      <CurlSnippet
        title="Create an organization over the API"
        method="POST"
        path="/organizations"
        body={{ name: 'Acme', domain_data: [{ domain: 'acme.com', state: 'pending' }] }}
      />
    </Empty>
  );
}
