import { TextField } from '@radix-ui/themes';
import { useId } from 'react';
import { FieldProblem } from '../parts/field.tsx';
import type { BrandingState } from './queries.ts';

type Measured = BrandingState['contrast'][number];

interface ColorFieldProps {
  readonly label: string;
  /** Of the pages it is for; part of its name, because each colour is there twice. */
  readonly mode: string;
  readonly isFirst: boolean;
  /** As typed; null for ours. */
  readonly value: string | null;
  readonly ours: string;
  /** Null: not yet, because it has not been saved. Undefined: ours, which needs no measuring. */
  readonly measured: Measured | null | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: string | null) => void;
}

const isColor = /^#[0-9a-f]{6}$/i;

/** A colour by eye or by its number, and how readable it turned out to be. */
export function ColorField({ label, mode, isFirst, value, ours, measured, problem, onChange }: ColorFieldProps) {
  const id = useId();
  const name = `${label}, ${mode.toLowerCase()}`;
  return (
    <div className="color-field">
      <label htmlFor={id} className="field-label">
        {label}
        <span className="unseen">, {mode.toLowerCase()}</span>
      </label>
      <div className="color-line">
        <input
          type="color"
          className="color-picker"
          aria-label={`Pick ${name}`}
          value={value !== null && isColor.test(value) ? value.toLowerCase() : ours}
          onChange={(event) => onChange(event.target.value)}
        />
        <TextField.Root
          id={id}
          className="color-number"
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          maxLength={7}
          placeholder={ours}
          data-first={isFirst || undefined}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${id}-about`}
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value.trim().toLowerCase() || null)}
        />
        {value !== null ? (
          <button type="button" className="quiet-button" onClick={() => onChange(null)}>
            Ours <span className="unseen">for {name}</span>
          </button>
        ) : null}
      </div>
      <div id={`${id}-about`} className="color-about">
        {problem ? <FieldProblem>{problem}</FieldProblem> : value !== null ? <Readable measured={measured} /> : null}
      </div>
    </div>
  );
}

function Readable({ measured }: { measured: Measured | null | undefined }) {
  if (!measured) return <p className="field-hint">Contrast is measured when the draft is saved.</p>;
  const { chosen_ratio: ratio, shown_ratio: shownRatio, shown, required, color } = measured;
  if (ratio >= required)
    return (
      <p className="field-hint">
        Contrast <b className="good-text">{ratio}:1</b>, {required}:1 needed
      </p>
    );
  return (
    <p className="field-hint">
      Contrast <b className="warn-text">{ratio}:1</b>, {required}:1 needed. {correction[color]}
      {color === 'page' ? null : (
        <span className="color-shown">
          <svg width="14" height="14" aria-hidden="true">
            <rect width="14" height="14" rx="4" fill={shown} stroke="currentColor" strokeOpacity="0.4" />
          </svg>
          <code dir="ltr">{shown}</code>
        </span>
      )}{' '}
      with {shownRatio}:1
    </p>
  );
}

const correction: Readonly<Record<Measured['color'], string>> = {
  page: 'The text on it is shown in another shade,',
  button: 'It gets an edge in',
  button_text: 'Shown as',
  link: 'Shown as',
};
