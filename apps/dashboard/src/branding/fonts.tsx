import type { Brand, BrandingState } from './queries.ts';

/** One that this dashboard has not met yet goes by its value. */
const names: Readonly<Record<string, string>> = {
  system: 'System',
  grotesque: 'Grotesque',
  humanist: 'Humanist',
  geometric: 'Geometric',
  rounded: 'Rounded',
  serif: 'Serif',
  slab: 'Slab serif',
  mono: 'Monospaced',
};

interface FontsProps {
  readonly chosen: Brand['font'];
  readonly fonts: BrandingState['fonts'];
  readonly onChange: (font: Brand['font']) => void;
}

/** Each typeface by a sample of itself, as this device has it. */
export function Fonts({ chosen, fonts, onChange }: FontsProps) {
  return (
    <fieldset className="font-list" aria-describedby="font-about">
      <legend className="field-label">Typeface</legend>
      <p id="font-about" className="field-hint">
        Of pages and mails. Each device shows its own family of the kind; nothing is downloaded.
      </p>
      <div className="font-samples">
        {fonts.map(({ font, family }) => (
          <label key={font} className="font-sample">
            <input
              type="radio"
              name="brand-font"
              value={font}
              checked={font === chosen}
              onChange={() => onChange(font)}
            />
            <i aria-hidden="true" style={{ fontFamily: family }}>
              Sign in
            </i>
            <span>{names[font] ?? font}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
