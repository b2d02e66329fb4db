/**
 * What we say to people, in their language: ICU messages by key, the translator that fills them in, and how the
 * language is found. Rooms choose what to say (`Say`); pages and mails translate it.
 *
 * English is written where it is needed, in `messages/en/<area>.ts`, and is what every other language is compared with.
 */

export { isMessageKey, type MessageKey } from './catalogue.ts';
export { languageCookie, localeOf } from './language.ts';
export { isLocale, type Locale, languages, locales, negotiate, takesOneName } from './locales.ts';
export { faultOfOwnText } from './own-text.ts';
export { type DeadEnd, type DeveloperNote, PageError } from './page-error.ts';
export { type Say, say, type TextValues } from './say.ts';
export { type HtmlValues, type OwnTexts, type Translator, translator } from './translator.ts';
