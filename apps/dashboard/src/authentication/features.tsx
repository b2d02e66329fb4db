import { Switch } from '@radix-ui/themes';
import type { Settings } from '../environments/queries.ts';
import { SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';

const features = [
  {
    field: 'impersonation',
    label: 'Impersonation',
    about: 'Operators may open the app as a user, with a reason. The session ends after 60 minutes.',
  },
  {
    field: 'device_authorization',
    label: 'Device authorization',
    about: 'Command lines and televisions sign in by a code that a person enters in their browser.',
  },
] as const;

export type Features = Pick<Settings, (typeof features)[number]['field']>;
export const featureFields = features.map(({ field }) => field);

interface FeaturesSectionProps {
  readonly draft: Features;
  readonly onChange: (part: Partial<Features>) => void;
}

/** What is on or off for the whole environment. */
export function FeaturesSection({ draft, onChange }: FeaturesSectionProps) {
  return (
    <Section id="features" title="Features">
      {features.map(({ field, label, about }, index) => (
        <SettingRow key={field} id={field} label={label} about={about}>
          <Switch
            id={field}
            data-first={index === 0 || undefined}
            aria-describedby={`${field}-about`}
            checked={draft[field]}
            onCheckedChange={(isOn) => onChange({ [field]: isOn })}
          />
        </SettingRow>
      ))}
    </Section>
  );
}
