import { Button, Dialog } from '@radix-ui/themes';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { downloadText } from '../core/clipboard.ts';
import { useDraft } from '../core/drafts.ts';
import { useDesk } from '../core/environment.tsx';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { CopyButton } from '../parts/copyable.tsx';
import { TextInput } from '../parts/field.tsx';
import { DialogForm } from '../parts/form-dialog.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
import { useCreateApiKey } from './queries.ts';

interface CreateKeyDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Hears the secret too, as the set-up's .env block does. */
  readonly onCreated?: (value: string) => void;
}

interface Created {
  readonly name: string;
  readonly value: string;
}

/** First the name, then the secret, this once. */
export function CreateKeyDialog({ open, onOpenChange, onCreated }: CreateKeyDialogProps) {
  const [created, setCreated] = useState<Created | null>(null);
  const returnFocus = useReturnFocus(open);

  function change(next: boolean) {
    if (!next) setCreated(null);
    onOpenChange(next);
  }

  return (
    <Dialog.Root open={open} onOpenChange={change}>
      <Dialog.Content
        maxWidth="540px"
        onCloseAutoFocus={returnFocus}
        // A click beside the dialog must not throw away a secret that nobody will see again.
        onPointerDownOutside={(event) => created && event.preventDefault()}
      >
        {created ? (
          <Reveal created={created} />
        ) : (
          <NameForm
            onCreated={(next) => {
              setCreated(next);
              onCreated?.(next.value);
            }}
          />
        )}
      </Dialog.Content>
    </Dialog.Root>
  );
}

function NameForm({ onCreated }: { onCreated: (created: Created) => void }) {
  const [name, setName] = useDraft('api-key-name', '');
  const create = useCreateApiKey();

  function submit() {
    create.mutate(name.trim(), {
      onSuccess: (key) => key.value !== undefined && onCreated({ name: key.name, value: key.value }),
    });
  }

  return (
    <>
      <Dialog.Title as="h2">Create API key</Dialog.Title>
      <Dialog.Description>It may do everything in this environment. Keep it on servers.</Dialog.Description>
      <DialogForm
        verb="Create key"
        isPending={create.isPending}
        problem={problemElsewhere(create.error, ['name'])}
        onSubmit={submit}
      >
        <TextInput
          label="Name"
          hint="Where it will live, such as “Local development” or “CI”."
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
          problem={problemWith(create.error, 'name')}
        />
      </DialogForm>
    </>
  );
}

function Reveal({ created: { name, value } }: { created: Created }) {
  const { environment } = useDesk();
  const file = `${environment.name}-${name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return (
    <>
      <Dialog.Title as="h2">Save this key now</Dialog.Title>
      <Dialog.Description>
        This is the only time “{name}” is shown. We keep a hash of it, from which nobody can read it back.
      </Dialog.Description>
      <div className="secret">
        <code className="secret-value" dir="ltr" data-testid="api-key">
          {value}
        </code>
        <div className="secret-tools">
          <CopyButton value={value} label="Copy key" text="Copy" />
          <button type="button" className="quiet-button" onClick={() => downloadText(`${file}.txt`, `${value}\n`)}>
            <Download size={14} aria-hidden="true" /> Download
          </button>
        </div>
      </div>
      <div className="dialog-actions">
        <Dialog.Close>
          <Button>I have saved it</Button>
        </Dialog.Close>
      </div>
    </>
  );
}
