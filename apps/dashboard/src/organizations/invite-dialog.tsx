import { useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { toast } from '../parts/toast.tsx';
import { useInvitationChanges } from './invitation-queries.ts';
import type { Organization } from './queries.ts';
import { RoleInput } from './role-dialog.tsx';

interface InviteDialogProps {
  /** Null: to the application alone. */
  readonly organization: Organization | null;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** As the server has them. */
const days = { least: 1, usual: 7, most: 30 };

export function InviteDialog({ organization, open, onOpenChange }: InviteDialogProps) {
  return (
    <FormDialog
      title={`Invite to ${organization?.name ?? 'the application'}`}
      description={
        organization
          ? 'A mail brings them the link, whether or not they have an account.'
          : 'A mail brings a link, with which they sign up. They become no member of an organization.'
      }
      open={open}
      onOpenChange={onOpenChange}
    >
      <InviteForm organization={organization} onDone={() => onOpenChange(false)} />
    </FormDialog>
  );
}

function InviteForm({ organization, onDone }: Pick<InviteDialogProps, 'organization'> & { onDone: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('member');
  const [expiry, setExpiry] = useState(String(days.usual));
  const { send } = useInvitationChanges();
  const body = {
    email: email.trim(),
    ...(organization && { organization_id: organization.id, role_slug: role.trim() }),
    expires_in_days: Number(expiry),
  };

  function submit() {
    send.mutate(body, {
      onSuccess: ({ email: invited }) => {
        toast(`Invited ${invited}`);
        onDone();
      },
    });
  }

  const elsewhere = problemElsewhere(send.error, ['email', 'role_slug', 'expires_in_days']);
  return (
    <DialogForm verb="Send invitation" isPending={send.isPending} problem={elsewhere} onSubmit={submit}>
      <TextInput
        label="Email"
        type="email"
        required
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        problem={problemWith(send.error, 'email')}
      />
      {organization ? (
        <RoleInput value={role} onChange={setRole} problem={problemWith(send.error, 'role_slug')} />
      ) : null}
      <TextInput
        label="Days until it expires"
        type="number"
        inputMode="numeric"
        required
        min={days.least}
        max={days.most}
        step={1}
        className="duration-amount"
        value={expiry}
        onChange={(event) => setExpiry(event.target.value)}
        problem={problemWith(send.error, 'expires_in_days')}
      />
      <ApiCall
        method="POST"
        path="/user_management/invitations"
        body={{ ...body, email: body.email || 'grace@example.com' }}
      />
    </DialogForm>
  );
}
