import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { NodeSnippet } from '../environments/snippets.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { Email } from '../parts/email.tsx';
import { ListSearch, PageFoot } from '../parts/list-tools.tsx';
import { Page } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { fullName } from './full-name.ts';
import { type User, useUsers } from './queries.ts';

const route = getRouteApi('/users');

const columns: readonly Column<User>[] = [
  { name: 'User', leads: true, cell: (user) => <UserLink user={user} /> },
  { name: 'ID', cell: ({ id }) => <CopyableId id={id} label="user id" /> },
  { name: 'Email', className: 'email-column', cell: (user) => <EmailCell user={user} /> },
  {
    name: 'Last sign-in',
    className: 'soft nowrap',
    cell: ({ last_sign_in_at: at }) => (at ? <Time at={at} /> : 'never'),
  },
  { name: 'Created', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
];

export function UsersPage() {
  const { dialog, ...view } = route.useSearch();
  const navigate = route.useNavigate();
  const users = useUsers(view);
  const showDialog = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'create' : undefined }), replace: !open });
  // The empty list offers the button itself; two of them would ask which one is meant.
  const isEmpty = users.data?.data.length === 0 && !view.search;
  const createButton = isEmpty ? null : <Button onClick={() => showDialog(true)}>Create user</Button>;

  return (
    <Page title="Users" sentence="Everyone who has signed up or was created through the API." action={createButton}>
      <ListSearch
        label="Search users"
        placeholder="Search by email, name, id or external id"
        path="/users"
        shown={view.search ?? ''}
        // A new search starts at its first page; the cursor of the old one means nothing in it.
        onSearch={(search) =>
          navigate({ search: (now) => ({ ...now, search, after: undefined, before: undefined }), replace: true })
        }
      />
      <Loaded query={users} lines={8}>
        {({ data, list_metadata: cursors }) => (
          <div aria-busy={users.isPlaceholderData}>
            {data.length > 0 ? (
              <>
                <Table label="Users" columns={columns} rows={data} rowKey={({ id }) => id} />
                <PageFoot
                  nouns={['user', 'users']}
                  shown={data.length}
                  cursors={cursors}
                  onTurn={(cursor) =>
                    navigate({ search: (now) => ({ ...now, after: undefined, before: undefined, ...cursor }) })
                  }
                />
              </>
            ) : (
              <Nobody search={view.search} onCreate={() => showDialog(true)} />
            )}
          </div>
        )}
      </Loaded>
      <CreateUserDialog open={dialog === 'create'} onOpenChange={showDialog} />
    </Page>
  );
}

function UserLink({ user }: { user: User }) {
  const name = fullName(user);
  return (
    <Link to="/users/$userId" params={{ userId: user.id }} className="who" data-row-link>
      <Avatar name={name ?? user.email} />
      <span>{name ?? <span className="soft">No name</span>}</span>
    </Link>
  );
}

function EmailCell({ user }: { user: User }) {
  return (
    <span className="inline">
      <Email address={user.email} />
      <VerifiedPill verified={user.email_verified} />
    </span>
  );
}

export function VerifiedPill({ verified }: { verified: boolean }) {
  return <Pill tone={verified ? 'good' : 'plain'}>{verified ? 'verified' : 'unverified'}</Pill>;
}

function Nobody({ search, onCreate }: { search: string | undefined; onCreate: () => void }) {
  const navigate = route.useNavigate();
  if (search) {
    return (
      <Empty
        sentence={`Nobody matches “${search}”.`}
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
      sentence="Users appear here when they sign up on your sign-in page, or when you create them."
      action={<Button onClick={onCreate}>Create user</Button>}
    >
      <NodeSnippet
        title="Create a user with the Node SDK"
        code={"const user = await workos.userManagement.createUser({\n  email: 'grace@example.com',\n});"}
      />
    </Empty>
  );
}
