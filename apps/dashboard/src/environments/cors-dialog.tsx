import { Button, Dialog } from '@radix-ui/themes';
import { X } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
import { Loaded } from '../parts/states.tsx';
import { type CorsOrigin, useAddCorsOrigin, useCorsOrigins, useRemoveCorsOrigin } from './queries.ts';

export function CorsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const origins = useCorsOrigins(open);
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content maxWidth="520px" onCloseAutoFocus={returnFocus}>
        <Dialog.Title as="h2">Configure CORS</Dialog.Title>
        <Dialog.Description>
          Web pages on these origins may call the API from the browser. Applications without a server need it; others do
          not.
        </Dialog.Description>
        <AddOrigin />
        <Loaded query={origins} lines={2}>
          {({ data }) =>
            data.length > 0 ? (
              <ul className="origins" aria-label="Allowed">
                {data.map((origin) => (
                  <Origin key={origin.id} origin={origin} />
                ))}
              </ul>
            ) : (
              <p className="origins-none">No origin is allowed yet.</p>
            )
          }
        </Loaded>
        <div className="dialog-actions">
          <Dialog.Close>
            <Button variant="outline" color="gray">
              Done
            </Button>
          </Dialog.Close>
        </div>
      </Dialog.Content>
    </Dialog.Root>
  );
}

function AddOrigin() {
  const [origin, setOrigin] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const add = useAddCorsOrigin();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (origin.trim() === '') return field.current?.focus();
    add.mutate(origin.trim(), { onSuccess: () => setOrigin(''), onSettled: () => field.current?.focus() });
  }

  return (
    <form className="dialog-form" onSubmit={submit} noValidate>
      <TextInput
        ref={field}
        label="Origin"
        hint="Scheme, host and port, without a path."
        type="url"
        inputMode="url"
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="http://localhost:5173"
        value={origin}
        onChange={(event) => {
          setOrigin(event.target.value);
          add.reset();
        }}
        problem={add.error ? sentenceOf(add.error) : undefined}
        beside={
          <Button type="submit" loading={add.isPending}>
            Add <span className="unseen">origin</span>
          </Button>
        }
      />
      {origin.trim() ? (
        <ApiCall method="POST" path="/user_management/cors_origins" body={{ origin: origin.trim() }} />
      ) : null}
    </form>
  );
}

function Origin({ origin }: { origin: CorsOrigin }) {
  const remove = useRemoveCorsOrigin();
  return (
    <li>
      <bdi className="mono" dir="ltr">
        {origin.origin}
      </bdi>
      <button
        type="button"
        className="quiet-button danger-text"
        aria-label={`Remove ${origin.origin}`}
        disabled={remove.isPending}
        onClick={() => remove.mutate(origin.id)}
      >
        <X size={15} aria-hidden="true" />
      </button>
      {remove.error ? <FieldProblem>{sentenceOf(remove.error)}</FieldProblem> : null}
    </li>
  );
}
