import { type Html, html } from '../../core/index.ts';
import { type Say, type Translator, takesOneName } from '../../texts/index.ts';
import { fullNameOf } from '../../users/index.ts';
import { field } from './components.ts';

export interface NameFields {
  readonly names: 'off' | 'optional' | 'required';
  readonly firstName?: string;
  readonly lastName?: string;
  /** Of the one field that some languages have; its parts, when not given. */
  readonly name?: string;
  readonly errors?: Partial<Record<'name' | 'firstName' | 'lastName', Say>>;
}

/** What browsers fill them with. */
const autocompletes = { name: 'name', first_name: 'given-name', last_name: 'family-name' } as const;
export type NameField = keyof typeof autocompletes;

/** The names of a new account, as far as the environment asks for them. */
export function nameFields(
  t: Translator,
  {
    names,
    errors = {},
    summarized = false,
    focus,
    ...typed
  }: NameFields & { readonly summarized?: boolean; readonly focus: string | null },
): Html | null {
  if (names === 'off') return null;
  const one = (id: NameField, label: Say, value?: string, error?: Say) =>
    field(t, {
      id,
      label,
      value,
      error,
      summarized,
      type: 'text',
      autocomplete: autocompletes[id],
      optional: names === 'optional',
      autofocus: focus === id,
      more: { autocapitalize: 'words', spellcheck: 'false' },
    });
  if (takesOneName(t.locale)) return one('name', 'common.name', typed.name ?? wholeName(typed), errors.name);
  return html`<div class="pair">${one('first_name', 'common.firstName', typed.firstName, errors.firstName)}${one(
    'last_name',
    'common.lastName',
    typed.lastName,
    errors.lastName,
  )}</div>`;
}

/** Of a form that was sent in another language. */
const wholeName = ({ firstName = '', lastName = '' }: Pick<NameFields, 'firstName' | 'lastName'>): string =>
  fullNameOf({ name: null, firstName, lastName });
