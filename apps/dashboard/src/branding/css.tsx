import { problemsWith } from '../core/problems.ts';
import { TextArea } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import type { PartProps } from './images.tsx';

const maxCss = 16_384;

const example = `.card { border-radius: 24px; padding-block: 48px; }
h1 { font-size: 2rem; text-align: center; }`;

/** For what the settings above do not reach. The server says line by line what it does not take. */
export function Css({ draft, onChange, error }: PartProps & { readonly error: unknown }) {
  const faults = problemsWith(error, 'css');
  return (
    <Section
      id="css"
      title="Custom CSS"
      guide="branding"
      about="Spacing, edges, corners and lettering of the named parts of pages. Colours and typeface are chosen above, where their contrast is measured."
    >
      <div className="own-css">
        <TextArea
          label="CSS"
          hint={
            <>
              Add <code dir="ltr">?plain=1</code> to the address of a page to see it without, in your browser for a day.
            </>
          }
          problem={faults.length > 0 ? <FaultLines faults={faults} /> : undefined}
          dir="ltr"
          rows={10}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          maxLength={maxCss}
          placeholder={example}
          value={draft.css}
          onChange={(event) => onChange({ css: event.target.value })}
        />
      </div>
    </Section>
  );
}

const FaultLines = ({ faults }: { faults: readonly string[] }) =>
  [...new Set(faults)].map((fault) => (
    <span key={fault} className="css-fault">
      {fault}
    </span>
  ));
