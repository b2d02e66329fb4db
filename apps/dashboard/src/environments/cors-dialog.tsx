import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { Loaded } from '../parts/states.tsx';
import { type CorsOrigin, useAddCorsOrigin, useCorsOrigins, useRemoveCorsOrigin } from './queries.ts';

export function CorsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <FormDialog
      title="Configure CORS"
      description="Web pages on these origins may call the API from the browser. Applications without a server need it; others do not."
      maxWidth="520px"
      open={open}
      onOpenChange={onOpenChange}
    >
      <OriginsForm />
    </FormDialog>
  );
}

function OriginsForm() {
  const [origin, setOrigin] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const origins = useCorsOrigins(true);
  const add = useAddCorsOrigin();

  const submit = () =>
    add.mutate(origin.trim(), { onSuccess: () => setOrigin(''), onSettled: () => field.current?.focus() });

  return (
    <DialogForm verb="Add origin" leave="Done" isPending={add.isPending} onSubmit={submit}>
      <TextInput
        ref={field}
        label="Origin"
        hint="Scheme, host and port, without a path."
        type="url"
        inputMode="url"
        dir="ltr"
        required
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
      />
      {origin.trim() ? (
        <ApiCall method="POST" path="/user_management/cors_origins" body={{ origin: origin.trim() }} />
      ) : null}
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
    </DialogForm>
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
