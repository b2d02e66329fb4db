import { Select, TextField } from '@radix-ui/themes';
import { useState } from 'react';
import { type DurationUnit, durationUnits, secondsOf, splitDuration } from '../core/dates.ts';

interface DurationFieldProps {
  readonly id: string;
  readonly label: string;
  readonly seconds: number;
  readonly onChange: (seconds: number) => void;
  readonly invalid?: boolean;
}

/** A length of time as an amount and its unit. An empty amount reads as 0 seconds, which the server refuses by name. */
export function DurationField({ id, label, seconds, onChange, invalid }: DurationFieldProps) {
  // The unit is kept here, so that turning 48 hours into 72 does not jump to "3 days" under the operator's hands.
  const [unit, setUnit] = useState<DurationUnit>(() => splitDuration(seconds).unit);
  const amount = seconds / secondsOf(1, unit);
  return (
    <div className="field-line duration">
      <TextField.Root
        id={id}
        type="number"
        inputMode="numeric"
        min={1}
        step={1}
        required
        className="duration-amount"
        aria-describedby={`${id}-about`}
        aria-invalid={invalid || undefined}
        value={amount === 0 ? '' : String(Number(amount.toFixed(2)))}
        onChange={(event) => onChange(Math.round(secondsOf(Number(event.target.value), unit)))}
      />
      <Select.Root
        value={unit}
        onValueChange={(next) => {
          setUnit(next as DurationUnit);
          onChange(Math.round(secondsOf(amount, next as DurationUnit)));
        }}
      >
        <Select.Trigger aria-label={`Unit of ${label}`} className="duration-unit" />
        <Select.Content position="popper">
          {durationUnits.map((name) => (
            <Select.Item key={name} value={name}>
              {name}
            </Select.Item>
          ))}
        </Select.Content>
      </Select.Root>
    </div>
  );
}
