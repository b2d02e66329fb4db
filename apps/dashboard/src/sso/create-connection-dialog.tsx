import { Select } from '@radix-ui/themes';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import type { Organization } from '../organizations/queries.ts';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { toast } from '../parts/toast.tsx';
import { connectionNames, connectionTypes } from './connection-types.ts';
import { type ConnectionType, useCreateConnection } from './queries.ts';

interface DialogProps {
  readonly organization: Organization;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function CreateConnectionDialog({ organization, open, onOpenChange }: DialogProps) {
  return (
    <FormDialog
      title="Create connection"
      description="It begins as a draft. On its page stands what to enter at the provider, and what the provider gives for it."
      open={open}
      onOpenChange={onOpenChange}
    >
      <CreateConnectionForm organization={organization} onDone={() => onOpenChange(false)} />
    </FormDialog>
  );
}

function CreateConnectionForm({ organization, onDone }: { organization: Organization; onDone: () => void }) {
  const [name, setName] = useState(organization.name);
  const [type, setType] = useState<ConnectionType>('GenericSAML');
  const create = useCreateConnection();
  const navigate = useNavigate();

  async function submit() {
    try {
      const body = { organization_id: organization.id, name: name.trim(), connection_type: type };
      const { id, name: given } = await create.mutateAsync(body);
      onDone();
      toast(`Created ${given}`);
      void navigate({ to: '/connections/$connectionId', params: { connectionId: id } });
    } catch {
      // create.error holds it, and the form shows it.
    }
  }

  const elsewhere = problemElsewhere(create.error, ['name']);
  return (
    <DialogForm verb="Create connection" isPending={create.isPending} problem={elsewhere} onSubmit={submit}>
      <TypeChoice value={type} onChange={setType} />
      <TextInput
        label="Name"
        hint="What operators and the people who sign in by it see."
        required
        maxLength={256}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        problem={problemWith(create.error, 'name')}
      />
    </DialogForm>
  );
}

function TypeChoice({ value, onChange }: { value: ConnectionType; onChange: (type: ConnectionType) => void }) {
  const id = useId();
  return (
    <div className="field">
      <span id={id} className="field-label">
        Identity provider
      </span>
      <Select.Root value={value} onValueChange={(chosen) => onChange(chosen as ConnectionType)}>
        <Select.Trigger aria-labelledby={id} className="wide-select" />
        <Select.Content position="popper">
          {connectionTypes.map((type) => (
            <Select.Item key={type} value={type}>
              {connectionNames[type]}
            </Select.Item>
          ))}
        </Select.Content>
      </Select.Root>
    </div>
  );
}
