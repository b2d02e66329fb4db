import { Button, Dialog } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { useEnvironment } from '../environments/queries.ts';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { useReturnFocus } from '../parts/return-focus.ts';
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
  const returnFocus = useReturnFocus(open);

  function change(next: boolean) {
    if (!next) setUrl(null);
    onOpenChange(next);
  }

  return (
    <Dialog.Root open={open} onOpenChange={change}>
      <Dialog.Content maxWidth="480px" onCloseAutoFocus={returnFocus}>
        <Dialog.Title as="h2">Impersonate {user.email}</Dialog.Title>
        {url === null ? (
          <ReasonForm user={user} onReady={setUrl} />
        ) : (
          <OpenApp url={url} onOpened={() => change(false)} />
        )}
      </Dialog.Content>
    </Dialog.Root>
  );
}

function ReasonForm({ user, onReady }: { user: User; onReady: (url: string) => void }) {
  const [reason, setReason] = useDraft('impersonation-reason', '');
  const impersonate = useImpersonate(user.id);
  const elsewhere = problemElsewhere(impersonate.error, ['reason']);

  function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    impersonate.mutate(reason, { onSuccess: ({ url }) => onReady(url) });
  }

  return (
    <>
      <Dialog.Description>Everything you do in the app is done as them.</Dialog.Description>
      <form className="dialog-form" onSubmit={submit}>
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
        {elsewhere ? <FieldProblem>{elsewhere}</FieldProblem> : null}
        <div className="dialog-actions">
          <Dialog.Close>
            <Button type="button" variant="outline" color="gray">
              Cancel
            </Button>
          </Dialog.Close>
          <Button type="submit" color="red" loading={impersonate.isPending}>
            Continue
          </Button>
        </div>
      </form>
    </>
  );
}

/** A link and no window opened by script, which browsers block. */
function OpenApp({ url, onOpened }: { url: string; onOpened: () => void }) {
  return (
    <>
      <Dialog.Description>
        The app begins the sign-in, and asks once more. This works once, in this browser, within five minutes.
      </Dialog.Description>
      <div className="dialog-actions">
        <Button asChild color="red">
          <a href={url} target="_blank" rel="noreferrer" onClick={onOpened}>
            Open the app
          </a>
        </Button>
      </div>
    </>
  );
}
