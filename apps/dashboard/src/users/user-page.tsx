import { ApiProblem } from '@authkit/client';
import { Tabs } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useDirection } from '../core/direction.ts';
import { FactorsTab } from '../mfa/factors-tab.tsx';
import { MembershipsTab } from '../organizations/memberships-tab.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { ApiCall } from '../parts/code-block.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { Page, usePageTitle } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { PasskeysTab } from '../passkeys/passkeys-tab.tsx';
import { SessionsTab } from '../sessions/sessions-tab.tsx';
import { fullName } from './full-name.ts';
import { ProfileTab } from './profile-tab.tsx';
import { type User, useUser } from './queries.ts';
import { VerifiedPill } from './users-page.tsx';

const route = getRouteApi('/users/$userId');

export function UserPage() {
  const { userId } = route.useParams();
  const user = useUser(userId);
  if (user.error instanceof ApiProblem && user.error.status === 404) return <NoSuchUser id={userId} />;
  return (
    <>
      <Link to="/users" className="back-link">
        <ChevronLeft size={15} aria-hidden="true" /> Users
      </Link>
      <Loaded query={user} lines={8}>
        {(found) => <UserDetail key={found.id} user={found} />}
      </Loaded>
    </>
  );
}

function UserDetail({ user }: { user: User }) {
  const { tab = 'profile' } = route.useSearch();
  const navigate = route.useNavigate();
  const name = fullName(user) ?? user.email;
  const direction = useDirection();
  usePageTitle(name);
  return (
    <>
      <header className="user-header">
        <Avatar name={name} large />
        <div>
          <div className="inline">
            <h1>{name}</h1>
            <VerifiedPill verified={user.email_verified} />
          </div>
          <CopyableId id={user.id} whole label="user id" />
        </div>
      </header>
      {/* Manual: the focus that comes back from "Leave without saving?" must not ask again. */}
      <Tabs.Root
        dir={direction}
        value={tab}
        activationMode="manual"
        onValueChange={(next) => navigate({ search: (search) => ({ ...search, tab: next as typeof tab }) })}
      >
        <Tabs.List>
          <Tabs.Trigger value="profile">Profile</Tabs.Trigger>
          <Tabs.Trigger value="organizations">Organizations</Tabs.Trigger>
          <Tabs.Trigger value="sessions">Sessions</Tabs.Trigger>
          <Tabs.Trigger value="passkeys">Passkeys</Tabs.Trigger>
          <Tabs.Trigger value="factors">Two-step verification</Tabs.Trigger>
          <Tabs.Trigger value="json">JSON</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="profile" className="tab">
          <ProfileTab user={user} />
        </Tabs.Content>
        <Tabs.Content value="organizations" className="tab">
          <MembershipsTab userId={user.id} />
        </Tabs.Content>
        <Tabs.Content value="sessions" className="tab">
          <SessionsTab userId={user.id} />
        </Tabs.Content>
        <Tabs.Content value="passkeys" className="tab">
          <PasskeysTab userId={user.id} />
        </Tabs.Content>
        <Tabs.Content value="factors" className="tab">
          <FactorsTab userId={user.id} />
        </Tabs.Content>
        <Tabs.Content value="json" className="tab json-tab">
          <JsonView title="User as the API returns it" value={user} />
          <ApiCall method="GET" path={`/user_management/users/${user.id}`} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

function NoSuchUser({ id }: { id: string }) {
  return (
    <Page title="User not found" sentence={`Nobody in this environment has the id ${id}. They may have been deleted.`}>
      <Link to="/users" className="text-link">
        Show all users
      </Link>
    </Page>
  );
}
