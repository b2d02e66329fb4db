import { Select, TextField } from '@radix-ui/themes';
import { SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { Fonts } from './fonts.tsx';
import type { PartProps } from './images.tsx';
import type { Brand, BrandingState } from './queries.ts';

const appearances: readonly { readonly value: Brand['appearance']; readonly text: string }[] = [
  { value: 'system', text: 'As the device' },
  { value: 'light', text: 'Always light' },
  { value: 'dark', text: 'Always dark' },
];

const layouts: readonly { readonly value: Brand['layout']; readonly text: string }[] = [
  { value: 'center', text: 'In the middle' },
  { value: 'start', text: 'At the start' },
  { value: 'end', text: 'At the end' },
];

const maxRadius = 20;

export function Shape({ draft, state, onChange }: PartProps & { readonly state: BrandingState }) {
  return (
    <Section id="appearance" title="Appearance">
      <SettingRow
        id="brand-appearance"
        label="Light or dark"
        about="Most people have told their device what they like."
      >
        <Choice
          id="brand-appearance"
          isFirst
          value={draft.appearance}
          options={appearances}
          onChange={(appearance) => onChange({ appearance })}
        />
      </SettingRow>
      <SettingRow
        id="brand-layout"
        label="Card"
        about="Where it stands on a wide screen, as the language runs. On a phone it fills the page."
      >
        <Choice id="brand-layout" value={draft.layout} options={layouts} onChange={(layout) => onChange({ layout })} />
      </SettingRow>
      <SettingRow id="brand-radius" label="Corners" about="Radius of fields and buttons in pixels, 0 to 20.">
        <TextField.Root
          id="brand-radius"
          type="number"
          inputMode="numeric"
          min={0}
          max={maxRadius}
          step={1}
          className="duration-amount"
          aria-describedby="brand-radius-about"
          value={String(draft.radius)}
          onChange={(event) => onChange({ radius: clamp(Math.round(Number(event.target.value))) })}
        />
      </SettingRow>
      <Fonts chosen={draft.font} fonts={state.fonts} onChange={(font) => onChange({ font })} />
    </Section>
  );
}

interface ChoiceProps<Value extends string> {
  /** Of the row's label. */
  readonly id: string;
  readonly isFirst?: boolean;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({ id, isFirst, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <Select.Root value={value} onValueChange={(chosen) => onChange(chosen as Value)}>
      <Select.Trigger
        id={id}
        data-first={isFirst || undefined}
        aria-describedby={`${id}-about`}
        className="checker-list"
      />
      <Select.Content position="popper" align="end">
        {options.map((option) => (
          <Select.Item key={option.value} value={option.value}>
            {option.text}
          </Select.Item>
        ))}
      </Select.Content>
    </Select.Root>
  );
}

const clamp = (radius: number): number => Math.min(Math.max(radius, 0), maxRadius);
