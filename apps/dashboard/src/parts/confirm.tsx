import { AlertDialog, Button } from '@radix-ui/themes';
import { type ReactNode, useRef, useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, TextInput } from './field.tsx';
import { useReturnFocus } from './return-focus.ts';

interface Question {
  readonly title: string;
  /** What will be lost. */
  readonly children: ReactNode;
  /** The verb on the red button: "Delete user", never "OK". */
  readonly verb: string;
  /** What must be typed before the button works. */
  readonly typed?: string;
  /** A choice that belongs to the question, above its buttons. */
  readonly extra?: ReactNode;
}

interface ConfirmProps extends Question {
  readonly onConfirm: () => Promise<unknown>;
  /** Instead of closing, where the page goes away with what was lost. */
  readonly onDone?: () => void;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks before something is lost. Stays open with the reason when the server refuses. */
export function Confirm({ onConfirm, onDone, open, onOpenChange, ...question }: ConfirmProps) {
  const { title, children, verb, typed, extra } = useWhileOpen(question, open);
  const [answer, setAnswer] = useDraft(`confirm ${question.verb}`, '');
  const returnFocus = useReturnFocus(open);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  function change(next: boolean) {
    if (busy) return;
    setAnswer('');
    setError(null);
    onOpenChange(next);
  }

  async function confirm() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      setAnswer('');
      if (onDone) onDone();
      else onOpenChange(false);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Content maxWidth="440px" onCloseAutoFocus={returnFocus}>
        <AlertDialog.Title as="h2">{title}</AlertDialog.Title>
        <AlertDialog.Description>{children}</AlertDialog.Description>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            if (typed === undefined || answer === typed) void confirm();
          }}
        >
          {extra}
          {typed ? (
            <TextInput
              label={`Type ${typed} to confirm`}
              value={answer}
              onChange={(event) => setAnswer(event.target.value)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          ) : null}
          {error ? <FieldProblem>{sentenceOf(error)}</FieldProblem> : null}
          <div className="dialog-actions">
            <AlertDialog.Cancel>
              <Button type="button" variant="outline" color="gray">
                Cancel
              </Button>
            </AlertDialog.Cancel>
            <Button type="submit" color="red" loading={busy} disabled={typed !== undefined && answer !== typed}>
              {verb}
            </Button>
          </div>
        </form>
      </AlertDialog.Content>
    </AlertDialog.Root>
  );
}

/** What was asked last: while a dialog fades, the thing it was about may be gone already. */
function useWhileOpen(question: Question, open: boolean): Question {
  const last = useRef(question);
  if (open) last.current = question;
  return last.current;
}
