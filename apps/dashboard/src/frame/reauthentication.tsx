import { AlertDialog, Button } from '@radix-ui/themes';
import { useState } from 'react';
import { goAndComeBack } from '../core/api.ts';
import { forgetReauthentication, useReauthentication } from '../core/reauthentication.ts';
import { useReturnFocus } from '../parts/return-focus.ts';

/** Comes up over the dialog that was refused; that one is open again, as it was left, after the way round. */
export function Reauthentication() {
  const url = useReauthentication();
  const [leaving, setLeaving] = useState(false);
  const returnFocus = useReturnFocus(url !== null);
  return (
    <AlertDialog.Root open={url !== null} onOpenChange={(open) => open || forgetReauthentication()}>
      <AlertDialog.Content maxWidth="420px" className="reauthentication" onCloseAutoFocus={returnFocus}>
        <AlertDialog.Title as="h2">Confirm that it is you</AlertDialog.Title>
        <AlertDialog.Description>
          What you are about to do cannot be taken back, and you signed in a while ago. Enter your password again, and
          you come back to this very place.
        </AlertDialog.Description>
        <div className="dialog-actions">
          <AlertDialog.Cancel>
            <Button variant="outline" color="gray">
              Not now
            </Button>
          </AlertDialog.Cancel>
          <Button
            loading={leaving}
            onClick={() => {
              setLeaving(true);
              if (url) goAndComeBack(url);
            }}
          >
            Continue to sign-in
          </Button>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Root>
  );
}
