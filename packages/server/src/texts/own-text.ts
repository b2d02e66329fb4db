import { IntlMessageFormat } from 'intl-messageformat';
import { english, type MessageKey } from './catalogue.ts';

/** The parser's number for a bare placeholder, `{app}`. */
const argument = 1;
const literal = 0;

const partsOf = (text: string, ignoreTag: boolean) =>
  new IntlMessageFormat(text, 'en', undefined, { ignoreTag }).getAst();

/** The bare placeholders of a message, those inside its tags too. */
const placeholdersOf = (parts: ReturnType<typeof partsOf>): string[] =>
  parts.flatMap((part) => {
    if (part.type === argument) return [part.value];
    return 'children' in part ? placeholdersOf(part.children) : [];
  });

/**
 * What is wrong with an operator's own words for a message: they are plain text, and of the message's placeholders any
 * may stand in them.
 */
export function faultOfOwnText(key: MessageKey, text: string): string | null {
  // Marks that turn the reading order round could make a sentence say something else (Trojan Source).
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text)) return 'Leave out control characters.';
  let parts: ReturnType<typeof partsOf>;
  try {
    parts = partsOf(text, true);
  } catch {
    return 'A curly bracket stands alone: placeholders are written {name}.';
  }
  const known = placeholdersOf(partsOf(english[key], false));
  for (const part of parts) {
    if (part.type === literal) continue;
    if (part.type !== argument) return 'Use text and {placeholders} only.';
    if (!known.includes(part.value))
      return known.length > 0 ? `The placeholders are {${known.join('}, {')}}.` : 'It has no placeholders.';
  }
  return null;
}
