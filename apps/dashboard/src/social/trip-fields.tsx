import { Checkbox } from '@radix-ui/themes';
import { TextInput } from '../parts/field.tsx';
import { type PartProps, problemOf } from './provider-draft.ts';

/** What is asked of the provider, what of it goes on to the app, and where the button stands. */
export function TripFields({ provider, draft, error, onChange }: PartProps) {
  const always = provider.default_scopes.join(' ');
  return (
    <>
      <TextInput
        label="Scopes"
        hint={
          always ? (
            <>
              With spaces between them. Asked for in any case: <bdi className="scopes">{always}</bdi>
            </>
          ) : (
            'With spaces between them.'
          )
        }
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={draft.scopes}
        onChange={(event) => onChange({ scopes: event.target.value })}
        problem={problemOf(error, 'scopes')}
      />
      <TextInput
        label="Position"
        hint="Where its button stands on the sign-in page: 0 is first. Empty for the usual order."
        type="number"
        inputMode="numeric"
        min={0}
        max={99}
        value={draft.position}
        onChange={(event) => onChange({ position: event.target.value })}
        problem={problemOf(error, 'position')}
      />
      <div className="check-line">
        <Checkbox
          id="return-tokens"
          aria-describedby="return-tokens-about"
          checked={draft.returnTokens}
          onCheckedChange={(checked) => onChange({ returnTokens: checked === true })}
        />
        <div>
          <label htmlFor="return-tokens">Return tokens</label>
          <p id="return-tokens-about" className="field-hint">
            The provider’s own tokens come with the user, once, when your server exchanges the code.
          </p>
        </div>
      </div>
    </>
  );
}
