import { TextField } from '@radix-ui/themes';
import { CircleAlert } from 'lucide-react';
import { type ComponentProps, type FormEvent, type ReactNode, useId, useState } from 'react';

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

type Control = HTMLInputElement | HTMLTextAreaElement;

/** What the browser would say in a bubble, in our words; until something else is typed. */
function useLack() {
  const [lack, setLack] = useState<string>();
  return {
    lack,
    onInvalid: ({ currentTarget }: FormEvent<Control>) => setLack(lackOf(currentTarget)),
    onInput: () => setLack(undefined),
  };
}

function lackOf({ validity, type, min, max }: Control & { min?: string; max?: string }): string {
  if (validity.valueMissing) return 'Fill this in.';
  if (type === 'email') return 'Enter a full email address, such as grace@example.com.';
  if (type === 'url') return 'Enter a full address, such as https://example.com.';
  if (validity.rangeUnderflow || validity.rangeOverflow || validity.badInput)
    return min && max ? `Enter a number from ${min} to ${max}.` : 'Enter a number that fits.';
  return 'This cannot be taken as it stands.';
}

/** A text field with its label, its hint and its problem tied to it. */
export function TextInput({ label, hint, problem: said, labelUnseen, beside, ...input }: TextInputProps) {
  const id = useId();
  const { lack, ...watching } = useLack();
  const problem = lack ?? said;
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-problem` : null].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id} className={labelUnseen ? 'unseen' : 'field-label'}>
        {label}
      </label>
      <div className="field-line">
        <TextField.Root
          {...watching}
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
export function TextArea({ label, hint, problem: said, ...area }: TextAreaProps) {
  const id = useId();
  const { lack, ...watching } = useLack();
  const problem = lack ?? said;
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-problem` : null].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <textarea
        {...watching}
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
