import { TextField } from '@radix-ui/themes';
import { CircleAlert } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';

export function FieldProblem({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="field-problem" role="alert">
      <CircleAlert size={14} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}

interface TextInputProps extends Omit<ComponentProps<typeof TextField.Root>, 'children' | 'color' | 'size'> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  /** Keeps the label for assistive technology only, where the heading above already says it to everyone else. */
  readonly labelUnseen?: boolean;
  /** Shown on the same line as the field, as an Add button is. */
  readonly beside?: ReactNode;
}

/** A text field with its label, its hint and its problem tied to it. */
export function TextInput({ label, hint, problem, labelUnseen, beside, ...input }: TextInputProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-problem` : null].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id} className={labelUnseen ? 'unseen' : 'field-label'}>
        {label}
      </label>
      <div className="field-line">
        <TextField.Root
          {...input}
          id={id}
          className={`field-input ${input.className ?? ''}`}
          aria-invalid={problem ? true : undefined}
          aria-describedby={described || undefined}
        />
        {beside}
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      ) : null}
      {problem ? <FieldProblem id={`${id}-problem`}>{problem}</FieldProblem> : null}
    </div>
  );
}

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'children' | 'id'> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: ReactNode;
}

/** The same for something of several lines. */
export function TextArea({ label, hint, problem, ...area }: TextAreaProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-problem` : null].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <textarea
        {...area}
        id={id}
        className="text-area"
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
      />
      {hint ? (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      ) : null}
      {problem ? <FieldProblem id={`${id}-problem`}>{problem}</FieldProblem> : null}
    </div>
  );
}

/** A label and a sentence at the start of the line, the control at its end. */
export function SettingRow({
  id,
  label,
  about,
  children,
}: {
  id: string;
  label: string;
  about: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="setting-row">
      <div>
        <label htmlFor={id} className="field-label">
          {label}
        </label>
        <div id={`${id}-about`} className="field-hint">
          {about}
        </div>
      </div>
      <div className="setting-control">{children}</div>
    </div>
  );
}
