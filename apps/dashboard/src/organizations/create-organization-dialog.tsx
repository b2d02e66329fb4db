import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { toast } from '../parts/toast.tsx';
import { useCreateOrganization } from './queries.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function CreateOrganizationDialog({ open, onOpenChange }: DialogProps) {
  return (
    <FormDialog
      title="Create organization"
      description="It begins without members. Add or invite them on its page."
      open={open}
      onOpenChange={onOpenChange}
    >
      <CreateOrganizationForm onDone={() => onOpenChange(false)} />
    </FormDialog>
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

  async function submit() {
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
    <DialogForm verb="Create organization" isPending={create.isPending} problem={elsewhere} onSubmit={submit}>
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
    </DialogForm>
  );
}
