import { RadioGroup } from '@radix-ui/themes';
import { useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { useDebounced } from '../core/use-debounced.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { Email } from '../parts/email.tsx';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { fullName } from '../users/full-name.ts';
import { useUsers } from '../users/queries.ts';
import { useMembershipChanges } from './membership-queries.ts';
import type { Organization } from './queries.ts';
import { RoleInput } from './role-dialog.tsx';

interface AddMemberDialogProps {
  readonly organization: Organization;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const searchRestMs = 250;
/** More would not be read; a longer word finds fewer. */
const usersOffered = 5;

export function AddMemberDialog({ organization, open, onOpenChange }: AddMemberDialogProps) {
  return (
    <FormDialog
      title="Add member"
      description="Somebody who has an account. They are not told by mail."
      open={open}
      onOpenChange={onOpenChange}
    >
      <AddMemberForm organization={organization} onDone={() => onOpenChange(false)} />
    </FormDialog>
  );
}

function AddMemberForm({ organization, onDone }: { organization: Organization; onDone: () => void }) {
  const [search, setSearch] = useState('');
  const [userId, setUserId] = useState('');
  const [role, setRole] = useState('member');
  const { add } = useMembershipChanges();
  const body = { user_id: userId, organization_id: organization.id, role_slug: role.trim() };

  function submit() {
    if (userId === '') return;
    add.mutate(body, {
      onSuccess: ({ user }) => {
        toast(`${user.email} added`);
        onDone();
      },
    });
  }

  const elsewhere = problemElsewhere(add.error, ['role_slug']);
  return (
    <DialogForm
      verb="Add member"
      isPending={add.isPending}
      disabled={userId === ''}
      problem={elsewhere}
      onSubmit={submit}
    >
      <TextInput
        label="User"
        type="search"
        placeholder="Search by email, name or id"
        autoComplete="off"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <UserChoice search={search} value={userId} onChange={setUserId} />
      <RoleInput value={role} onChange={setRole} problem={problemWith(add.error, 'role_slug')} />
      <ApiCall
        method="POST"
        path="/user_management/organization_memberships"
        body={{ ...body, user_id: userId || 'user_…' }}
      />
    </DialogForm>
  );
}

interface UserChoiceProps {
  readonly search: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** The first users that fit what was typed; the newest while nothing is. */
function UserChoice({ search, value, onChange }: UserChoiceProps) {
  const wanted = useDebounced(search.trim(), searchRestMs);
  const users = useUsers({ search: wanted || undefined });
  return (
    <Loaded query={users} lines={3}>
      {({ data }) =>
        data.length === 0 ? (
          <p className="field-hint" role="status">
            Nobody here matches. People without an account are invited on the Invitations tab.
          </p>
        ) : (
          <RadioGroup.Root aria-label="Matching users" value={value} onValueChange={onChange}>
            {data.slice(0, usersOffered).map((user) => (
              <RadioGroup.Item key={user.id} value={user.id}>
                <Email address={user.email} />
                {fullName(user) ? <span className="soft"> {fullName(user)}</span> : null}
              </RadioGroup.Item>
            ))}
          </RadioGroup.Root>
        )
      }
    </Loaded>
  );
}
