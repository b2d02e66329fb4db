import { Button, Checkbox, Dialog } from '@radix-ui/themes';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
import { toast } from '../parts/toast.tsx';
import { useCreateUser } from './queries.ts';

const blank = { email: '', first_name: '', last_name: '', password: '', email_verified: false };
const fields = ['email', 'first_name', 'last_name', 'password'];

export function CreateUserDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content maxWidth="480px" onCloseAutoFocus={returnFocus}>
        <Dialog.Title as="h2">Create user</Dialog.Title>
        <Dialog.Description>They can sign in at once with the password you set. No mail is sent.</Dialog.Description>
        <CreateUserForm onDone={() => onOpenChange(false)} />
      </Dialog.Content>
    </Dialog.Root>
  );
}

function CreateUserForm({ onDone }: { onDone: () => void }) {
  const [draft, setDraft] = useState(blank);
  const create = useCreateUser();
  const navigate = useNavigate();
  const verifiedId = useId();
  const change = (part: Partial<typeof blank>) => setDraft((before) => ({ ...before, ...part }));
  const body = withoutBlanks(draft);

  async function submit(event: FormEvent) {
    event.preventDefault();
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
    <form className="dialog-form" onSubmit={submit}>
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
      {elsewhere ? <FieldProblem>{elsewhere}</FieldProblem> : null}
      <div className="dialog-actions">
        <Dialog.Close>
          <Button type="button" variant="outline" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit" loading={create.isPending}>
          Create user
        </Button>
      </div>
    </form>
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
