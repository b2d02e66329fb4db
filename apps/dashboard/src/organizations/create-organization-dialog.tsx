import { Button, Dialog } from '@radix-ui/themes';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
import { toast } from '../parts/toast.tsx';
import { useCreateOrganization } from './queries.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function CreateOrganizationDialog({ open, onOpenChange }: DialogProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content maxWidth="480px" onCloseAutoFocus={returnFocus}>
        <Dialog.Title as="h2">Create organization</Dialog.Title>
        <Dialog.Description>It begins without members. Add or invite them on its page.</Dialog.Description>
        <CreateOrganizationForm onDone={() => onOpenChange(false)} />
      </Dialog.Content>
    </Dialog.Root>
  );
}

function CreateOrganizationForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const [domain, setDomain] = useState('');
  const create = useCreateOrganization();
  const navigate = useNavigate();
  const body = {
    name: name.trim(),
    ...(domain.trim() && { domain_data: [{ domain: domain.trim(), state: 'pending' as const }] }),
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      const { id, name: given } = await create.mutateAsync(body);
      onDone();
      toast(`Created ${given}`);
      void navigate({ to: '/organizations/$organizationId', params: { organizationId: id } });
    } catch {
      // create.error holds it, and the fields below show it.
    }
  }

  const ofDomain = problemWith(create.error, 'domain_data') ?? problemWith(create.error, 'domain_data.0.domain');
  const elsewhere = ofDomain ? undefined : problemElsewhere(create.error, ['name']);
  return (
    <form className="dialog-form" onSubmit={submit}>
      <TextInput
        label="Name"
        required
        maxLength={256}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        problem={problemWith(create.error, 'name')}
      />
      <TextInput
        label="Domain"
        hint="Optional. It counts once a DNS record proves it."
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="acme.com"
        value={domain}
        onChange={(event) => setDomain(event.target.value)}
        problem={ofDomain}
      />
      <ApiCall method="POST" path="/organizations" body={{ ...body, name: body.name || 'Acme' }} />
      {elsewhere ? <FieldProblem>{elsewhere}</FieldProblem> : null}
      <div className="dialog-actions">
        <Dialog.Close>
          <Button type="button" variant="outline" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit" loading={create.isPending}>
          Create organization
        </Button>
      </div>
    </form>
  );
}
