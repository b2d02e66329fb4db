import { Select, Switch, TextField } from '@radix-ui/themes';
import type { SettingRowSpec, Settings } from './setting-rows.ts';

interface ControlProps {
  readonly row: SettingRowSpec;
  readonly value: Settings[keyof Settings];
  readonly onChange: (change: Partial<Settings>) => void;
  readonly invalid: boolean;
  /** Of its section: what a link to the section puts the focus on. */
  readonly isFirst: boolean;
}

/** What one setting is changed with. Its label and what it does are the row's. */
export function SettingControl({ row, value, onChange, invalid, isFirst }: ControlProps) {
  const { field } = row;
  const described = { id: field, 'aria-describedby': `${field}-about`, 'data-first': isFirst || undefined };
  switch (row.kind) {
    case 'switch':
      return (
        <Switch {...described} checked={value === true} onCheckedChange={(checked) => onChange({ [field]: checked })} />
      );
    case 'choice':
      return (
        <Select.Root value={String(value)} onValueChange={(chosen) => onChange({ [field]: chosen })}>
          <Select.Trigger {...described} className="checker-list" />
          <Select.Content position="popper" align="end">
            {row.options.map(({ value: option, text }) => (
              <Select.Item key={option} value={option}>
                {text}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
      );
    case 'number':
      return (
        <TextField.Root
          {...described}
          type="number"
          inputMode="numeric"
          min={row.min}
          max={row.max}
          step={1}
          className="duration-amount"
          aria-invalid={invalid || undefined}
          value={String(value)}
          onChange={(event) => onChange({ [field]: Math.round(Number(event.target.value)) })}
        />
      );
    case 'url':
      return (
        <TextField.Root
          {...described}
          type="url"
          inputMode="url"
          placeholder="https://"
          className="setting-url"
          aria-invalid={invalid || undefined}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange({ [field]: event.target.value.trim() || null })}
        />
      );
  }
}
