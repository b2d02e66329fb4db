import { faultOfOwnText, isMessageKey, type MessageKey } from '../texts/index.ts';

/**
 * What an operator may say in their own words: titles and a few sentences. Not buttons and fields, whose names people
 * and password managers know, nor anything that says what went wrong or where a sign-in goes.
 */
export const ownTextKeys = [
  'signIn.title',
  'signIn.toContinue',
  'signIn.signUpHeading',
  'signIn.signedOutHeading',
  'signIn.signedOutContext',
  'password.heading',
  'codes.title',
] as const satisfies readonly MessageKey[];

const maxLength = 200;

/** What is wrong with them, a sentence each. */
export function ownTextFaults(messages: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(messages).flatMap(([key, text]) => {
    if (!isMessageKey(key) || !(ownTextKeys as readonly string[]).includes(key))
      return [`'${key.slice(0, 60)}' is not a text that can be changed.`];
    if (text.trim() === '' || text.length > maxLength) return [`'${key}' takes 1 to ${maxLength} characters.`];
    const fault = faultOfOwnText(key, text);
    return fault ? [`'${key}': ${fault}`] : [];
  });
}
