import { Checkbox } from '@radix-ui/themes';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { toast } from '../parts/toast.tsx';
import { useCreateUser } from './queries.ts';

const blank = { email: '', first_name: '', last_name: '', password: '', email_verified: false };
const fields = ['email', 'first_name', 'last_name', 'password'];

export function CreateUserDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <FormDialog
      title="Create user"
      description="They can sign in at once with the password you set. No mail is sent."
      open={open}
      onOpenChange={onOpenChange}
    >
      <CreateUserForm onDone={() => onOpenChange(false)} />
    </FormDialog>
  );
}

function CreateUserForm({ onDone }: { onDone: () => void }) {
  const [draft, setDraft] = useState(blank);
  const create = useCreateUser();
  const navigate = useNavigate();
  const verifiedId = useId();
  const change = (part: Partial<typeof blank>) => setDraft((before) => ({ ...before, ...part }));
  const body = withoutBlanks(draft);

  async function submit() {
    try {
      const user = await create.mutateAsync(body);
      onDone();
      toast(`Created ${user.email}`);
      void navigate({ to: '/users/$userId', params: { userId: user.id } });
    } catch {
      // create.error holds it, and the fields below show it.
    }
  }

  const elsewhere = problemElsewhere(create.error, fields);
  return (
    <DialogForm verb="Create user" isPending={create.isPending} problem={elsewhere} onSubmit={submit}>
      <TextInput
        label="Email"
        type="email"
        required
        autoComplete="off"
        value={draft.email}
        onChange={(event) => change({ email: event.target.value })}
        problem={problemWith(create.error, 'email')}
      />
      <div className="field-pair">
        <TextInput
          label="First name"
          autoComplete="off"
          value={draft.first_name}
          onChange={(event) => change({ first_name: event.target.value })}
          problem={problemWith(create.error, 'first_name')}
        />
        <TextInput
          label="Last name"
          autoComplete="off"
          value={draft.last_name}
          onChange={(event) => change({ last_name: event.target.value })}
          problem={problemWith(create.error, 'last_name')}
        />
      </div>
      <TextInput
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="Optional. Without one they cannot sign in yet."
        value={draft.password}
        onChange={(event) => change({ password: event.target.value })}
        problem={problemWith(create.error, 'password')}
      />
      <div className="check-line">
        <Checkbox
          id={verifiedId}
          checked={draft.email_verified}
          onCheckedChange={(checked) => change({ email_verified: checked === true })}
        />
        <label htmlFor={verifiedId}>The email address is already verified</label>
      </div>
      <ApiCall
        method="POST"
        path="/user_management/users"
        body={{ ...body, email: draft.email || 'grace@example.com', ...(draft.password ? { password: '…' } : {}) }}
      />
    </DialogForm>
  );
}

function withoutBlanks({ email, first_name, last_name, password, email_verified }: typeof blank) {
  return {
    email: email.trim(),
    ...(first_name.trim() && { first_name: first_name.trim() }),
    ...(last_name.trim() && { last_name: last_name.trim() }),
    ...(password && { password }),
    ...(email_verified && { email_verified }),
  };
}
