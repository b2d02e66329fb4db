import { getRouteApi, Link } from '@tanstack/react-router';
import { NodeSnippet } from '../environments/snippets.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { Email } from '../parts/email.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Pill } from '../parts/pill.tsx';
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
  const { dialog: _, ...view } = route.useSearch();
  return (
    <ListPage
      title="Users"
      sentence="Everyone who has signed up or was created through the API."
      nouns={['user', 'users']}
      placeholder="Search by email, name, id or external id"
      query={useUsers(view)}
      nothing="Nobody"
      empty={{
        sentence: 'Users appear here when they sign up on your sign-in page, or when you create them.',
        snippet: (
          <NodeSnippet
            title="Create a user with the Node SDK"
            code={"const user = await workos.userManagement.createUser({\n  email: 'grace@example.com',\n});"}
          />
        ),
      }}
      create={{ verb: 'Create user', Dialog: CreateUserDialog }}
    >
      {(rows) => <Table label="Users" columns={columns} rows={rows} rowKey={({ id }) => id} />}
    </ListPage>
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
