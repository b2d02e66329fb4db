import { takesOneName } from '../texts/index.ts';
import { partsOfName } from '../users/index.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';

export const nameInputs = { name: text, first_name: text, last_name: text };

type Typed = Readonly<Record<keyof typeof nameInputs, string>>;

/** A page in some languages has one field for the name, and which language that was the form alone knows. */
export function typedNames({ locale }: Pick<OpenAttempt, 'locale'>, body: Typed) {
  const [firstName, lastName] = [body.first_name.trim(), body.last_name.trim()];
  const isOne = body.name.trim() !== '' || (takesOneName(locale) && firstName === '' && lastName === '');
  return isOne ? partsOfName(body.name) : { firstName, lastName };
}
