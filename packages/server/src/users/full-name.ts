/** What a person calls themselves, in two parts and in one. Empty where there is none. */
export interface FullName {
  readonly firstName: string;
  readonly lastName: string;
  readonly name: string;
}

/** Where the family name is written first. */
const isFamilyFirst = (name: string): boolean =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(name);

/**
 * The parts of a name that was typed into one field. Only a space tells them apart: a name without one stands where apps
 * look first.
 */
export function partsOfName(typed: string): FullName {
  const name = typed.trim();
  const words = name.split(/\s+/u);
  if (words.length === 1) return { firstName: name, lastName: '', name };
  const [first = '', ...rest] = words;
  if (isFamilyFirst(name)) return { firstName: rest.join(' '), lastName: first, name };
  return { firstName: words.slice(0, -1).join(' '), lastName: words.at(-1) ?? '', name };
}

/** The name in one: as it was given, or put together as its script does. Empty where there is none. */
export function fullNameOf({
  name,
  firstName,
  lastName,
}: Readonly<Record<'name' | 'firstName' | 'lastName', string | null>>): string {
  const given = name?.trim();
  if (given) return given;
  const [first, last] = [firstName?.trim() ?? '', lastName?.trim() ?? ''];
  const parts = isFamilyFirst(`${last}${first}`) ? [last, first] : [first, last];
  return parts.filter((part) => part !== '').join(' ');
}
