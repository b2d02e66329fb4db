import { AlertDialog, Button } from '@radix-ui/themes';
import { useBlocker } from '@tanstack/react-router';
import { useReturnFocus } from './return-focus.ts';

interface SaveBarProps {
  readonly dirty: boolean;
  readonly saving: boolean;
  readonly problem?: string | undefined;
  /** On the button, where saving is not yet all there is to do. */
  readonly verb?: string;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** Comes up when a group of settings has been changed, and guards the door until it is answered. */
export function SaveBar({ dirty, saving, problem, verb = 'Save changes', onSave, onDiscard }: SaveBarProps) {
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <section className="save-bar" data-open={dirty || undefined} aria-label="Unsaved changes" inert={!dirty}>
        <p role="status">{problem ?? (dirty ? 'You have unsaved changes.' : '')}</p>
        <Button variant="outline" color="gray" onClick={onDiscard} disabled={saving}>
          Discard
        </Button>
        <Button onClick={onSave} loading={saving}>
          {verb}
        </Button>
      </section>
    </>
  );
}

/** Asks before a change on this page is left behind. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker({
    // A dialog opened by the URL, or a fragment, stays on the page and loses nothing. Another tab does.
    shouldBlockFn: ({ current, next }) =>
      dirty && (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)),
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  const returnFocus = useReturnFocus(blocker.status === 'blocked');
  return (
    <AlertDialog.Root open={blocker.status === 'blocked'} onOpenChange={(open) => open || blocker.reset?.()}>
      <AlertDialog.Content maxWidth="400px" onCloseAutoFocus={returnFocus}>
        <AlertDialog.Title as="h2">Leave without saving?</AlertDialog.Title>
        <AlertDialog.Description>
          The changes on this page have not been saved and will be lost.
        </AlertDialog.Description>
        <div className="dialog-actions">
          <Button variant="outline" color="gray" onClick={() => blocker.reset?.()}>
            Stay
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Root>
  );
}

function tabOf(search: object): unknown {
  return 'tab' in search ? search.tab : undefined;
}
