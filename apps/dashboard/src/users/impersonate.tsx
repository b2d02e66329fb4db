import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { useEnvironment } from '../environments/queries.ts';
import { TextInput } from '../parts/field.tsx';
import { DialogForm, FormDialog } from '../parts/form-dialog.tsx';
import { type User, useImpersonate } from './queries.ts';

const route = getRouteApi('/users/$userId');

/** Support as the person sees it: the app opens as them, for an hour, and the trail says who and why. */
export function Impersonate({ user }: { user: User }) {
  const { dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const environment = useEnvironment();
  const isOff = environment.data?.settings.impersonation !== true;
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'impersonate' : undefined }), replace: !open });
  return (
    <section className="danger-zone" aria-labelledby="impersonate">
      <div>
        <h2 id="impersonate">Impersonate</h2>
        <p id="impersonate-about">
          {isOff ? (
            <>
              Impersonation is switched off in this environment.{' '}
              <Link to="/authentication" hash="features" className="text-link">
                Switch it on
              </Link>{' '}
              first.
            </>
          ) : (
            'Opens the app as this user for 60 minutes. The trail keeps your reason.'
          )}
        </p>
      </div>
      <Button
        variant="outline"
        color="red"
        disabled={isOff}
        aria-describedby="impersonate-about"
        onClick={() => ask(true)}
      >
        Impersonate
      </Button>
      <ImpersonateDialog user={user} open={dialog === 'impersonate' && !isOff} onOpenChange={ask} />
    </section>
  );
}

interface ImpersonateDialogProps {
  readonly user: User;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** First the reason, then the way into the app. */
function ImpersonateDialog({ user, open, onOpenChange }: ImpersonateDialogProps) {
  const [url, setUrl] = useState<string | null>(null);

  function change(next: boolean) {
    if (!next) setUrl(null);
    onOpenChange(next);
  }

  return (
    <FormDialog
      title={`Impersonate ${user.email}`}
      description={
        url === null
          ? 'Everything you do in the app is done as them.'
          : 'The app begins the sign-in, and asks once more. This works once, in this browser, within five minutes.'
      }
      open={open}
      onOpenChange={change}
    >
      {url === null ? (
        <ReasonForm user={user} onReady={setUrl} />
      ) : (
        <OpenApp url={url} onOpened={() => change(false)} />
      )}
    </FormDialog>
  );
}

function ReasonForm({ user, onReady }: { user: User; onReady: (url: string) => void }) {
  const [reason, setReason] = useDraft('impersonation-reason', '');
  const impersonate = useImpersonate(user.id);
  return (
    <DialogForm
      verb="Continue"
      isGrave
      isPending={impersonate.isPending}
      problem={problemElsewhere(impersonate.error, ['reason'])}
      onSubmit={() => impersonate.mutate(reason, { onSuccess: ({ url }) => onReady(url) })}
    >
      <TextInput
        label="Reason"
        hint="Kept in the trail, and handed to the app beside your address."
        required
        maxLength={500}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        problem={problemWith(impersonate.error, 'reason')}
      />
    </DialogForm>
  );
}

/** A link and no window opened by script, which browsers block. */
function OpenApp({ url, onOpened }: { url: string; onOpened: () => void }) {
  return (
    <div className="dialog-actions">
      <Button asChild color="red">
        <a href={url} target="_blank" rel="noreferrer" onClick={onOpened}>
          Open the app
        </a>
      </Button>
    </div>
  );
}
