import { Button } from '@radix-ui/themes';
import { useRef, useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { CopyButton } from '../parts/copyable.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
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
  // While the dialog fades it still shows what it was about.
  const last = useRef(provider);
  if (provider) last.current = provider;
  const shown = last.current;
  if (!shown) return null;
  return (
    <FormDialog
      title={
        <span className="inline">
          <ProviderMark mark={shown.mark} />
          Set up {shown.label}
        </span>
      }
      description={`Register an OAuth application at ${shown.label} with this callback URL, exactly as it stands here.`}
      maxWidth="560px"
      open={provider !== null}
      onOpenChange={(next) => next || onClose()}
    >
      <ProviderForm key={shown.provider} provider={shown} onDone={onClose} onReset={onReset} />
    </FormDialog>
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

  const submit = () =>
    change.mutate(changeOf(provider, draft, secret), {
      onSuccess: () => {
        toast(`${provider.label} saved`);
        onDone();
      },
    });

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
    <DialogForm
      verb="Save provider"
      isPending={change.isPending}
      problem={problemBesides(change.error)}
      aside={
        <Button type="button" variant="outline" color="red" className="at-start" onClick={onReset}>
          Reset
        </Button>
      }
      onSubmit={submit}
    >
      <div className="key-value">
        <bdi className="mono" dir="ltr" data-testid="callback-url">
          {provider.callback_url}
        </bdi>
        <CopyButton value={provider.callback_url} label="Copy callback URL" text="Copy" />
      </div>
      <CredentialFields {...parts} secret={secret} onSecret={setSecret} />
      <TripFields {...parts} />
    </DialogForm>
  );
}
