import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { Timeline } from '../events/timeline.tsx';
import { ApiCall } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { LeaveGuard } from '../parts/save-bar.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { Impersonate } from './impersonate.tsx';
import { type User, useDeleteUser, useUpdateUser } from './queries.ts';

const route = getRouteApi('/users/$userId');

export function ProfileTab({ user }: { user: User }) {
  return (
    <>
      <div className="profile">
        <div>
          <NamesForm user={user} />
          <Facts user={user} />
        </div>
        <section aria-labelledby="activity">
          <h2 id="activity" className="column-title">
            Activity
          </h2>
          <Timeline userId={user.id} empty="Nothing has happened yet. Sign-ins, codes and changes appear here." />
        </section>
      </div>
      <Impersonate user={user} />
      <DangerZone user={user} />
    </>
  );
}

function NamesForm({ user }: { user: User }) {
  const saved = { first_name: user.first_name ?? '', last_name: user.last_name ?? '' };
  const [draft, setDraft] = useState(saved);
  const update = useUpdateUser(user.id);
  const dirty = draft.first_name !== saved.first_name || draft.last_name !== saved.last_name;
  const elsewhere = problemElsewhere(update.error, ['first_name', 'last_name']);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!dirty) return;
    update.mutate(draft, {
      onSuccess: ({ first_name, last_name }) => {
        setDraft({ first_name: first_name ?? '', last_name: last_name ?? '' });
        toast('Name saved');
      },
    });
  }

  return (
    <form className="names" onSubmit={submit}>
      <LeaveGuard dirty={dirty} />
      <div className="field-pair">
        <TextInput
          label="First name"
          autoComplete="off"
          value={draft.first_name}
          onChange={(event) => setDraft({ ...draft, first_name: event.target.value })}
          problem={problemWith(update.error, 'first_name')}
        />
        <TextInput
          label="Last name"
          autoComplete="off"
          value={draft.last_name}
          onChange={(event) => setDraft({ ...draft, last_name: event.target.value })}
          problem={problemWith(update.error, 'last_name')}
        />
      </div>
      {elsewhere ? <FieldProblem>{elsewhere}</FieldProblem> : null}
      {dirty ? (
        <div className="names-actions">
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
          <Button type="button" variant="outline" color="gray" onClick={() => setDraft(saved)}>
            Discard
          </Button>
        </div>
      ) : null}
      <ApiCall method="PUT" path={`/user_management/users/${user.id}`} body={draft} />
    </form>
  );
}

function Facts({ user }: { user: User }) {
  const facts: [string, ReactNode][] = [
    ['Email', <bdi key="email">{user.email}</bdi>],
    ['User ID', <CopyableId key="id" id={user.id} label="user id" />],
    [
      'External ID',
      user.external_id ? <CopyableId key="external" id={user.external_id} whole label="external id" /> : null,
    ],
    ['Locale', user.locale],
    ['Last sign-in', user.last_sign_in_at ? <Time key="last" at={user.last_sign_in_at} /> : 'never'],
    ['Created', <Time key="created" at={user.created_at} />],
    ['Updated', <Time key="updated" at={user.updated_at} />],
    ...Object.entries(user.metadata).map(([name, value]): [string, ReactNode] => [
      `metadata.${name}`,
      <bdi key={name}>{value}</bdi>,
    ]),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? <span className="soft">not set</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

function DangerZone({ user }: { user: User }) {
  const { dialog } = route.useSearch();
  const remove = useDeleteUser(user.id);
  const navigate = route.useNavigate();
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'delete' : undefined }), replace: !open });
  return (
    <section className="danger-zone" aria-labelledby="danger">
      <div>
        <h2 id="danger">Delete user</h2>
        <p>Ends their sessions and removes the account with everything in it. There is no way back.</p>
      </div>
      <Button variant="outline" color="red" onClick={() => ask(true)}>
        Delete user
      </Button>
      <Confirm
        open={dialog === 'delete'}
        onOpenChange={ask}
        title={`Delete ${user.email}?`}
        verb="Delete user"
        typed={user.email}
        onConfirm={remove.mutateAsync}
        onDone={() => {
          toast(`Deleted ${user.email}`);
          void navigate({ to: '/users', replace: true, ignoreBlocker: true });
        }}
      >
        They are signed out everywhere at once. Their profile and credentials are removed for good.
      </Confirm>
    </section>
  );
}
