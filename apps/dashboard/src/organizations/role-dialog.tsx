import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { toast } from '../parts/toast.tsx';
import { useConnectionsOf } from '../sso/queries.ts';
import { type Membership, useMembershipChanges } from './membership-queries.ts';
import { roleNames } from './status-pill.tsx';

interface RoleInputProps {
  readonly label?: string;
  readonly hint?: string;
  readonly maxLength?: number;
  readonly value: string;
  readonly onChange: (slug: string) => void;
  readonly problem?: string | undefined;
}

/** Roles are the application's own words; nothing here knows them all. */
export function RoleInput({
  label = 'Role',
  hint = 'A slug such as member or admin. Your application reads it from the access token.',
  maxLength = 64,
  value,
  onChange,
  problem,
}: RoleInputProps) {
  return (
    <TextInput
      label={label}
      hint={hint}
      required
      maxLength={maxLength}
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

/** Ten slugs of 64 characters, and what stands between them. */
const longestList = 660;

/** @param props.membership - whose roles change; null keeps the dialog closed */
export function RoleDialog({ membership, onClose }: { membership: Membership | null; onClose: () => void }) {
  return (
    <FormDialog
      title="Change roles"
      description={`${membership?.user.email} has them from their next access token on.`}
      maxWidth="440px"
      open={membership !== null}
      onOpenChange={(open) => open || onClose()}
    >
      {membership ? <RoleForm membership={membership} onDone={onClose} /> : null}
    </FormDialog>
  );
}

/** What is given by hand is replaced where an identity provider's groups give roles. */
function SetBySignOn({ organizationId }: { organizationId: string }) {
  const connections = useConnectionsOf(organizationId);
  const setting = connections.data?.data.find(
    ({ state, group_roles: roles }) => state === 'active' && roles.length > 0,
  );
  if (!setting) return null;
  return (
    <p className="soft">
      Whoever signs on by{' '}
      <Link to="/connections/$connectionId" params={{ connectionId: setting.id }} className="text-link">
        {setting.name}
      </Link>{' '}
      gets the roles of their groups there again, in place of these.
    </p>
  );
}

function RoleForm({ membership, onDone }: { membership: Membership; onDone: () => void }) {
  const [roles, setRoles] = useState(() => roleNames(membership));
  const { changeRoles } = useMembershipChanges();
  const slugs = roles.split(/[\s,]+/).filter((slug) => slug !== '');

  function submit() {
    changeRoles.mutate(
      { id: membership.id, role_slugs: slugs },
      {
        onSuccess: () => {
          toast('Roles changed');
          onDone();
        },
      },
    );
  }

  const problem = changeRoles.error && sentenceOf(changeRoles.error);
  return (
    <DialogForm verb="Change roles" isPending={changeRoles.isPending} onSubmit={submit}>
      <RoleInput
        label="Roles"
        hint="Slugs such as member or admin, with a comma between two. Your application reads them from the access token."
        maxLength={longestList}
        value={roles}
        onChange={setRoles}
        problem={problem ?? undefined}
      />
      <SetBySignOn organizationId={membership.organization_id} />
      <ApiCall
        method="PUT"
        path={`/user_management/organization_memberships/${membership.id}`}
        body={{ role_slugs: slugs }}
      />
    </DialogForm>
  );
}
