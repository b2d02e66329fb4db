import type { CSSProperties } from 'react';
import { useEnvironment } from '../environments/queries.ts';
import { Loaded } from '../parts/states.tsx';
import { type Brand, type BrandingState, type Mode, useImageUrl } from './queries.ts';

const modesOf = ({ appearance }: Brand): readonly Mode[] =>
  appearance === 'system' ? ['light', 'dark'] : [appearance];

/** The sign-in card in the draft's look, as far as four colours go; the link beside it leads to the real pages. */
export function Preview({ draft, state }: { draft: Brand; state: BrandingState }) {
  const environment = useEnvironment();
  return (
    <Loaded query={environment} lines={3}>
      {({ application }) => (
        <div className="mock-list">
          {modesOf(draft).map((mode) => (
            <Mock key={mode} mode={mode} draft={draft} state={state} name={application.name} />
          ))}
        </div>
      )}
    </Loaded>
  );
}

interface MockProps {
  readonly mode: Mode;
  readonly draft: Brand;
  readonly state: BrandingState;
  readonly name: string;
}

function Mock({ mode, draft, state, name }: MockProps) {
  const url = useImageUrl();
  const logo = mode === 'dark' ? (draft.logo_dark ?? draft.logo) : (draft.logo ?? draft.logo_dark);
  const texts = draft.texts.en ?? {};
  const colors = colorsOf(draft, state, mode);
  const look = {
    '--mock-page': colors.page,
    '--mock-button': colors.button,
    '--mock-button-text': colors.button_text,
    '--mock-link': colors.link,
    '--mock-edge': colors.button_edge,
    '--mock-radius': `${draft.radius}px`,
    '--mock-font': state.fonts.find(({ font }) => font === draft.font)?.family,
  } as CSSProperties;
  return (
    <div role="img" aria-label={`The sign-in page, ${mode}`} className={`mock ${mode}`} style={look}>
      <div className="mock-card" aria-hidden="true">
        {logo ? (
          <img className="mock-logo" src={url(logo)} alt="" />
        ) : (
          <span className="mock-mark">{name.charAt(0).toUpperCase()}</span>
        )}
        <strong>{texts['signIn.title'] ?? 'Sign in'}</strong>
        <span className="mock-soft">
          {(texts['signIn.toContinue'] ?? 'to continue to {app}').replaceAll('{app}', name)}
        </span>
        <span className="mock-field" />
        <span className="mock-button">Continue</span>
        <span className="mock-soft">
          New to {name}? <span className="mock-link">Create an account</span>
        </span>
      </div>
    </div>
  );
}

/** The readable shades that the server found; until it has looked, the colours as typed. */
function colorsOf(draft: Brand, state: BrandingState, mode: Mode): BrandingState['shown_colors'][Mode] {
  const typed = draft[mode];
  if (JSON.stringify(typed) === JSON.stringify(state.draft[mode])) return state.shown_colors[mode];
  const ours = state.default_colors[mode];
  return {
    page: typed.page ?? ours.page,
    button: typed.button ?? ours.button,
    button_text: typed.button_text ?? ours.button_text,
    // Without a colour of their own, links take that of the button.
    link: typed.link ?? typed.button ?? ours.link,
    button_edge: 'transparent',
  };
}
