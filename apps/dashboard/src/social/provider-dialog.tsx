import { Button, Dialog } from '@radix-ui/themes';
import { type FormEvent, useRef, useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { CopyButton } from '../parts/copyable.tsx';
import { FieldProblem } from '../parts/field.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
import { toast } from '../parts/toast.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { changeOf, draftOf, problemBesides } from './provider-draft.ts';
import { ProviderMark } from './provider-mark.tsx';
import { type Provider, useChangeProvider } from './queries.ts';
import { TripFields } from './trip-fields.tsx';

interface ProviderDialogProps {
  /** Null: closed. */
  readonly provider: Provider | null;
  readonly onClose: () => void;
  readonly onReset: () => void;
}

/** What to register at a provider, and what it gives for it. */
export function ProviderDialog({ provider, onClose, onReset }: ProviderDialogProps) {
  const open = provider !== null;
  const returnFocus = useReturnFocus(open);
  // While the dialog fades it still shows what it was about.
  const last = useRef(provider);
  if (provider) last.current = provider;
  return (
    <Dialog.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Dialog.Content maxWidth="560px" onCloseAutoFocus={returnFocus}>
        {last.current ? (
          <ProviderForm key={last.current.provider} provider={last.current} onDone={onClose} onReset={onReset} />
        ) : null}
      </Dialog.Content>
    </Dialog.Root>
  );
}

interface FormProps {
  readonly provider: Provider;
  readonly onDone: () => void;
  readonly onReset: () => void;
}

function ProviderForm({ provider, onDone, onReset }: FormProps) {
  const [draft, setDraft] = useDraft(`provider ${provider.provider}`, draftOf(provider));
  const [secret, setSecret] = useState('');
  const change = useChangeProvider(provider.provider);
  const elsewhere = problemBesides(change.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    change.mutate(changeOf(provider, draft, secret), {
      onSuccess: () => {
        toast(`${provider.label} saved`);
        onDone();
      },
    });
  }

  const parts = {
    provider,
    draft,
    error: change.error,
    onChange: (part: Partial<typeof draft>) => {
      setDraft({ ...draft, ...part });
      change.reset();
    },
  };
  return (
    <>
      <Dialog.Title as="h2">
        <span className="inline">
          <ProviderMark mark={provider.mark} />
          Set up {provider.label}
        </span>
      </Dialog.Title>
      <Dialog.Description>
        Register an OAuth application at {provider.label} with this callback URL, exactly as it stands here.
      </Dialog.Description>
      <form className="dialog-form" onSubmit={submit} noValidate>
        <div className="key-value">
          <bdi className="mono" dir="ltr" data-testid="callback-url">
            {provider.callback_url}
          </bdi>
          <CopyButton value={provider.callback_url} label="Copy callback URL" text="Copy" />
        </div>
        <CredentialFields {...parts} secret={secret} onSecret={setSecret} />
        <TripFields {...parts} />
        {elsewhere ? <FieldProblem>{elsewhere}</FieldProblem> : null}
        <div className="dialog-actions">
          <Button type="button" variant="outline" color="red" className="at-start" onClick={onReset}>
            Reset
          </Button>
          <Dialog.Close>
            <Button type="button" variant="outline" color="gray">
              Cancel
            </Button>
          </Dialog.Close>
          <Button type="submit" loading={change.isPending}>
            Save provider
          </Button>
        </div>
      </form>
    </>
  );
}
