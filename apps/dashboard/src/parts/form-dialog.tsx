import { Button, Dialog } from '@radix-ui/themes';
import type { FormEvent, ReactNode } from 'react';
import { FieldProblem } from './field.tsx';
import { useReturnFocus } from './return-focus.ts';

interface FormDialogProps {
  readonly title: ReactNode;
  readonly description: ReactNode;
  readonly maxWidth?: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** A `DialogForm`. */
  readonly children: ReactNode;
}

export function FormDialog({ title, description, maxWidth = '480px', open, onOpenChange, children }: FormDialogProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content maxWidth={maxWidth} onCloseAutoFocus={returnFocus}>
        <Dialog.Title as="h2">{title}</Dialog.Title>
        <Dialog.Description>{description}</Dialog.Description>
        {children}
      </Dialog.Content>
    </Dialog.Root>
  );
}

interface DialogFormProps {
  /** As the button says it. */
  readonly verb: string;
  /** What it leads to is done as somebody else, or cannot be undone. */
  readonly isGrave?: boolean;
  readonly isPending: boolean;
  readonly disabled?: boolean;
  /** What is wrong and belongs to none of the fields. */
  readonly problem?: string | undefined;
  /** As the way out says it, where the form can be sent many times. */
  readonly leave?: string;
  /** A button apart from the other two. */
  readonly aside?: ReactNode;
  readonly onSubmit: () => void;
  /** The fields. */
  readonly children: ReactNode;
}

/**
 * The form of a dialog: its fields, what is wrong, the way out and the way on. What a field lacks it says itself, in our
 * words and not in the browser's bubbles, and the first of them has the focus.
 */
export function DialogForm({
  verb,
  isGrave = false,
  isPending,
  disabled = false,
  problem,
  leave = 'Cancel',
  aside,
  onSubmit,
  children,
}: DialogFormProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // A dialog inside another form's page is no part of that form.
    event.stopPropagation();
    const form = event.currentTarget;
    if (form.checkValidity()) onSubmit();
    else form.querySelector<HTMLElement>('input:invalid, textarea:invalid')?.focus();
  }
  return (
    <form className="dialog-form" onSubmit={submit} noValidate>
      {children}
      {problem ? <FieldProblem>{problem}</FieldProblem> : null}
      <div className="dialog-actions">
        {aside}
        <Dialog.Close>
          <Button type="button" variant="outline" color="gray">
            {leave}
          </Button>
        </Dialog.Close>
        <Button type="submit" loading={isPending} disabled={disabled} {...(isGrave && { color: 'red' })}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
