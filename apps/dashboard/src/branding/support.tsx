import { problemWith } from '../core/problems.ts';
import { TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import type { PartProps } from './images.tsx';

/** Where people who are stuck find somebody. */
export function Support({ draft, onChange, error }: PartProps & { readonly error: unknown }) {
  return (
    <Section id="support" title="Help" about="A link at the foot of every page and mail, in the reader’s language.">
      <div className="own-texts">
        <TextInput
          label="Help address"
          hint="https://… or mailto:help@example.com. Empty: no link."
          dir="ltr"
          inputMode="url"
          maxLength={500}
          autoComplete="off"
          value={draft.support_url ?? ''}
          onChange={(event) => onChange({ support_url: event.target.value.trim() || null })}
          problem={problemWith(error, 'support_url')}
        />
      </div>
    </Section>
  );
}
