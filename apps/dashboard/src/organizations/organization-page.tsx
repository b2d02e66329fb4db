import { ApiProblem } from '@authkit/client';
import { Tabs } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useDirection } from '../core/direction.ts';
import { Timeline } from '../events/timeline.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { ApiCall } from '../parts/code-block.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { Page, usePageTitle } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { SignOnTab } from '../sso/sign-on-tab.tsx';
import { DetailsTab } from './details-tab.tsx';
import { DomainsTab } from './domains-tab.tsx';
import { InvitationsTab } from './invitations-tab.tsx';
import { MembersTab } from './members-tab.tsx';
import { PolicyTab } from './policy-tab.tsx';
import { type Organization, useOrganization } from './queries.ts';

const route = getRouteApi('/organizations/$organizationId');

export function OrganizationPage() {
  const { organizationId } = route.useParams();
  const organization = useOrganization(organizationId);
  if (organization.error instanceof ApiProblem && organization.error.status === 404)
    return <NoSuchOrganization id={organizationId} />;
  return (
    <>
      <Link to="/organizations" className="back-link">
        <ChevronLeft size={15} aria-hidden="true" /> Organizations
      </Link>
      <Loaded query={organization} lines={8}>
        {(found) => <OrganizationDetail key={found.id} organization={found} />}
      </Loaded>
    </>
  );
}

function OrganizationDetail({ organization }: { organization: Organization }) {
  const { tab = 'members' } = route.useSearch();
  const navigate = route.useNavigate();
  const { id, name } = organization;
  const direction = useDirection();
  usePageTitle(name);
  return (
    <>
      <header className="user-header">
        <Avatar name={name} large />
        <div>
          <h1>{name}</h1>
          <CopyableId id={id} whole label="organization id" />
        </div>
      </header>
      {/* A cursor and a dialog belong to the tab that is left. Manual: the focus that comes back from "Leave without
          saving?" must not ask again. */}
      <Tabs.Root
        dir={direction}
        value={tab}
        activationMode="manual"
        onValueChange={(next) => navigate({ search: { tab: next as typeof tab } })}
      >
        <Tabs.List>
          <Tabs.Trigger value="members">Members</Tabs.Trigger>
          <Tabs.Trigger value="invitations">Invitations</Tabs.Trigger>
          <Tabs.Trigger value="domains">Domains</Tabs.Trigger>
          <Tabs.Trigger value="sign-on">Single sign-on</Tabs.Trigger>
          <Tabs.Trigger value="policy">Policy</Tabs.Trigger>
          <Tabs.Trigger value="details">Details</Tabs.Trigger>
          <Tabs.Trigger value="activity">Activity</Tabs.Trigger>
          <Tabs.Trigger value="json">JSON</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="members" className="tab">
          <MembersTab organization={organization} />
        </Tabs.Content>
        <Tabs.Content value="invitations" className="tab">
          <InvitationsTab organization={organization} />
        </Tabs.Content>
        <Tabs.Content value="domains" className="tab">
          <DomainsTab organization={organization} />
        </Tabs.Content>
        <Tabs.Content value="sign-on" className="tab">
          <SignOnTab organization={organization} />
        </Tabs.Content>
        <Tabs.Content value="policy" className="tab">
          <PolicyTab organizationId={id} />
        </Tabs.Content>
        <Tabs.Content value="details" className="tab">
          <DetailsTab organization={organization} />
        </Tabs.Content>
        <Tabs.Content value="activity" className="tab">
          <Timeline
            organizationId={id}
            empty="Nothing has happened yet. New members, invitations, domains and changes appear here."
          />
        </Tabs.Content>
        <Tabs.Content value="json" className="tab json-tab">
          <JsonView title="Organization as the API returns it" value={organization} />
          <ApiCall method="GET" path={`/organizations/${id}`} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

function NoSuchOrganization({ id }: { id: string }) {
  return (
    <Page
      title="Organization not found"
      sentence={`No organization in this environment has the id ${id}. It may have been deleted.`}
    >
      <Link to="/organizations" className="text-link">
        Show all organizations
      </Link>
    </Page>
  );
}
