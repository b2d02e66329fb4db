import { problemWith } from '../core/problems.ts';
import { Section } from '../parts/page.tsx';
import { ColorField } from './color-field.tsx';
import type { PartProps } from './images.tsx';
import type { BrandingState, ColorName, Mode } from './queries.ts';

const modes: readonly { readonly mode: Mode; readonly title: string }[] = [
  { mode: 'light', title: 'Light' },
  { mode: 'dark', title: 'Dark' },
];

const colors: readonly { readonly color: ColorName; readonly label: string }[] = [
  { color: 'page', label: 'Page' },
  { color: 'button', label: 'Button' },
  { color: 'button_text', label: 'Text on button' },
  { color: 'link', label: 'Link' },
];

interface ColorsProps extends PartProps {
  readonly state: BrandingState;
  readonly error: unknown;
}

export function Colors({ draft, state, onChange, error }: ColorsProps) {
  return (
    <Section
      id="colors"
      title="Colours"
      about="Everything else is worked out from these four. A colour that would be hard to read is shown in the nearest shade that is not."
    >
      <div className="color-modes">
        {modes.map(({ mode, title }, index) => (
          <fieldset key={mode}>
            <legend>{title}</legend>
            {colors.map(({ color, label }) => (
              <ColorField
                key={color}
                label={label}
                mode={title}
                isFirst={index === 0 && color === 'page'}
                value={draft[mode][color]}
                ours={state.default_colors[mode][color]}
                measured={
                  draft[mode][color] === state.draft[mode][color]
                    ? state.contrast.find((one) => one.mode === mode && one.color === color)
                    : null
                }
                problem={problemWith(error, `${mode}.${color}`)?.replace(/^'[\w.]+': /, '')}
                onChange={(value) => onChange({ [mode]: { ...draft[mode], [color]: value } })}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </Section>
  );
}
