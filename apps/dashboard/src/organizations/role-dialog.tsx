import { Button, Dialog } from '@radix-ui/themes';
import { type FormEvent, useState } from 'react';
import { problemWith, sentenceOf } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { TextInput } from '../parts/field.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
import { toast } from '../parts/toast.tsx';
import { type Membership, useMembershipChanges } from './membership-queries.ts';
import { roleNames } from './status-pill.tsx';

interface RoleInputProps {
  readonly value: string;
  readonly onChange: (slug: string) => void;
  readonly problem?: string | undefined;
}

/** Roles are the application's own words; nothing here knows them all. */
export function RoleInput({ value, onChange, problem }: RoleInputProps) {
  return (
    <TextInput
      label="Role"
      hint="A slug such as member or admin. Your application reads it from the access token."
      required
      maxLength={64}
      dir="ltr"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      problem={problem}
    />
  );
}

/** @param props.membership - whose role changes; null keeps the dialog closed */
export function RoleDialog({ membership, onClose }: { membership: Membership | null; onClose: () => void }) {
  const returnFocus = useReturnFocus(membership !== null);
  return (
    <Dialog.Root open={membership !== null} onOpenChange={(open) => open || onClose()}>
      <Dialog.Content maxWidth="440px" onCloseAutoFocus={returnFocus}>
        <Dialog.Title as="h2">Change role</Dialog.Title>
        <Dialog.Description>{membership?.user.email} has it from their next access token on.</Dialog.Description>
        {membership ? <RoleForm membership={membership} onDone={onClose} /> : null}
      </Dialog.Content>
    </Dialog.Root>
  );
}

function RoleForm({ membership, onDone }: { membership: Membership; onDone: () => void }) {
  const [role, setRole] = useState(() => roleNames(membership));
  const { changeRole } = useMembershipChanges();
  const slug = role.trim();

  function submit(event: FormEvent) {
    event.preventDefault();
    changeRole.mutate(
      { id: membership.id, role_slug: slug },
      {
        onSuccess: () => {
          toast('Role changed');
          onDone();
        },
      },
    );
  }

  const problem = changeRole.error && (problemWith(changeRole.error, 'role_slug') ?? sentenceOf(changeRole.error));
  return (
    <form className="dialog-form" onSubmit={submit}>
      <RoleInput value={role} onChange={setRole} problem={problem ?? undefined} />
      <ApiCall
        method="PUT"
        path={`/user_management/organization_memberships/${membership.id}`}
        body={{ role_slug: slug }}
      />
      <div className="dialog-actions">
        <Dialog.Close>
          <Button type="button" variant="outline" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit" loading={changeRole.isPending}>
          Change role
        </Button>
      </div>
    </form>
  );
}
