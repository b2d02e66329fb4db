import { Button } from '@radix-ui/themes';
import { type FormEvent, useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { problemWith, sentenceOf } from '../core/problems.ts';
import { TextInput } from '../parts/field.tsx';
import { LeaveGuard } from '../parts/save-bar.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { useEnvironment, useUpdateApplication } from './queries.ts';
import { usualAddresses } from './usual-addresses.ts';

export function SignInEndpoint({ initial, onSaved }: { initial?: string; onSaved?: () => void }) {
  const environment = useEnvironment();
  return (
    <Loaded query={environment} lines={2}>
      {({ application: { sign_in_endpoint: saved } }) => (
        <SignInEndpointForm saved={saved ?? ''} initial={saved ?? initial ?? ''} onSaved={onSaved} />
      )}
    </Loaded>
  );
}

interface FormProps {
  readonly saved: string;
  readonly initial: string;
  readonly onSaved?: (() => void) | undefined;
}

function SignInEndpointForm({ saved, initial, onSaved }: FormProps) {
  const [url, setUrl] = useState(initial);
  const { environment } = useDesk();
  const update = useUpdateApplication();
  const changed = url.trim() !== saved;
  const problem = update.error
    ? (problemWith(update.error, 'sign_in_endpoint') ?? sentenceOf(update.error))
    : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    const sign_in_endpoint = url.trim() || null;
    update.mutate(
      { sign_in_endpoint },
      {
        onSuccess: () => {
          toast(sign_in_endpoint ? 'Sign-in endpoint saved' : 'Sign-in endpoint removed');
          onSaved?.();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} noValidate className="add-line">
      <LeaveGuard dirty={changed && url !== initial} />
      <TextInput
        data-first
        label="Sign-in endpoint"
        labelUnseen
        type="url"
        inputMode="url"
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={usualAddresses(environment).signIn}
        value={url}
        onChange={(event) => {
          setUrl(event.target.value);
          update.reset();
        }}
        problem={problem}
        beside={
          <Button type="submit" disabled={!changed} loading={update.isPending}>
            Save <span className="unseen">sign-in endpoint</span>
          </Button>
        }
      />
    </form>
  );
}
