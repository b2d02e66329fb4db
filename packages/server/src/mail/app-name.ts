/** Without line ends (they would begin a new header), other controls, and marks that turn the reading order round. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/**
 * A name that mail programs do not turn into a link. An application may be called `evil.example`, and they link
 * whatever looks like an address; an invisible word joiner (U+2060) after each mark of one prevents that.
 */
export function unlinked(name: string): string {
  // Isolates are ours to set: one that a name opens would swallow the rest of the sentence.
  return oneLine(name.replace(/[\u2066-\u2069]+/g, ' ')).replace(/[.:/@](?=\S)/g, '$&\u2060');
}
