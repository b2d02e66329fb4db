import type { MessageKey } from './catalogue.ts';

/** What a message's placeholders stand for. */
export type TextValues = Readonly<Record<string, string | number | Date>>;

/**
 * Something to tell a person, before it is known in which language: rooms and routes choose what to say, and the page
 * that knows its reader translates it.
 */
export type Say = MessageKey | { readonly key: MessageKey; readonly values: TextValues };

export const say = (key: MessageKey, values: TextValues): Say => ({ key, values });
