/** How a text becomes the words that are looked for in it. */

/** Words that say nothing about what somebody is looking for. */
const empty = new Set(
  'a an and are as at be but by can do does for from get how i if in into is it my not of on or should so that the then there this to use what when where which who why with you your'.split(
    ' ',
  ),
);

/** How others say it, and how it used to be called, beside how we say it. */
const otherWords: readonly (readonly [RegExp, string])[] = [
  [/\b(initiate|initiated) (log|sign).?in\b|\blog.?in (url|uri|endpoint)\b/, 'sign-in endpoint'],
  [/\blog.?(out|off)\b|\bsigned?.?out\b/, 'sign out'],
  [/\blog.?in\b|\bsign.?in\b|\bsignin\b/, 'sign in'],
  [/\bcallback ur[li]s?\b|\bredirect urls?\b|\breply urls?\b/, 'redirect uri'],
  [/\bpreviews?\b|\bvercel\b|\bbranch deploy/, 'wildcard redirect uri'],
  [/\bmagic (link|auth)\b|\bone.?time (code|password)\b|\bpasswordless\b/, 'code by mail'],
  [/\b2fa\b|\btwo.?factor\b|\bmulti.?factor\b|\btotp\b/, 'second factor authenticator mfa'],
  [/\bwebauthn\b|\bfido2?\b/, 'passkey'],
  [/\bgoogle\b|\bgithub\b|\boauth providers?\b|\bsocial log.?in\b/, 'social provider'],
  [/\bjwt\b|\bid.?token\b|\baccess.?token\b/, 'token claims'],
  [/\bcors\b|\bcross.?origin\b|\ballowed? origins?\b/, 'cors origin'],
  [/\bapi.?key|\bsecret key|\bsk_/, 'api key environment'],
  [/\btenants?\b|\bteams?\b|\bworkspaces?\b/, 'organization'],
  [/\bspa\b/, 'single-page app'],
  [/\bcli\b|\btv\b/, 'device command line'],
  [/\be-?mails?\b|\binbox\b/, 'mail mailbox'],
  [/\be2e\b|\bend.to.end\b/, 'testing playwright'],
];

/** A query in the words of these documents. */
export function inOurWords(query: string): string {
  return otherWords.reduce((text, [theirs, ours]) => text.replace(theirs, ours), query.toLowerCase());
}

/** In lower case and without endings; `invalid_grant` and `redirectUri` are found whole and by their parts. */
export function wordsOf(text: string): readonly string[] {
  const found = text.match(/[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)*/gu) ?? [];
  return found.flatMap((word) => {
    const parts = word.split('_').flatMap((part) => part.split(/(?<=\p{Ll})(?=\p{Lu})/u));
    const all = parts.length > 1 ? [word.toLowerCase(), ...parts] : [word];
    return all
      .map((part) => part.toLowerCase())
      .filter((part) => !empty.has(part))
      .map(stem);
  });
}

/** `cookies` and `cookie`, `signing` and `sign`. Nothing is read aloud, so a wrong stem only has to be the same one. */
function stem(word: string): string {
  if (word.includes('_') || word.length < 4 || word.endsWith('ss')) return word;
  return word.replace(/(?:ions?|ings?|ed|es|s|e)$/, '') || word;
}
