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

const maxRadius = 20;

export function Shape({ draft, state, onChange }: PartProps & { readonly state: BrandingState }) {
  return (
    <Section id="appearance" title="Appearance">
      <SettingRow
        id="brand-appearance"
        label="Light or dark"
        about="Most people have told their device what they like."
      >
        <Select.Root
          value={draft.appearance}
          onValueChange={(appearance) => onChange({ appearance: appearance as Brand['appearance'] })}
        >
          <Select.Trigger
            id="brand-appearance"
            data-first
            aria-describedby="brand-appearance-about"
            className="checker-list"
          />
          <Select.Content position="popper" align="end">
            {appearances.map(({ value, text }) => (
              <Select.Item key={value} value={value}>
                {text}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
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

const clamp = (radius: number): number => Math.min(Math.max(radius, 0), maxRadius);
