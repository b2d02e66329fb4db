import type { z } from 'zod';
import type { Look } from '../../branding/index.ts';
import type { MessageKey, Translator } from '../../texts/index.ts';

/** Whose mail it is, and in which language. */
export interface Sender {
  /** As the operator named the application, safe to print: one line, and nothing mail programs would link. */
  readonly app: string;
  /** Host name of the pages the mail belongs to, without a port. */
  readonly host: string;
  readonly t: Translator;
  readonly look: Look;
  /** Where our own paths begin: a mail program has no page to take them from. */
  readonly publicUrl: string;
  /** Whose pages they are: one server has those of many. */
  readonly clientId: string;
}

type Values = Readonly<Record<string, string | number | Date>>;

/** What stands in a mail, in order. Each is printed twice: as markup and as plain text. */
export type Block =
  /** A message; `<b>` in it is strong. */
  | { readonly kind: 'paragraph'; readonly key: MessageKey; readonly values?: Values }
  /** In one piece, so that a double click takes all of it. */
  | { readonly kind: 'code'; readonly code: string }
  /** In plain text the label comes first and the address after it, on a line of its own. */
  | { readonly kind: 'button'; readonly label: MessageKey; readonly url: string };

export const paragraph = (key: MessageKey, values?: Values): Block => ({ kind: 'paragraph', key, values });
export const code = (digits: string): Block => ({ kind: 'code', code: digits });
/** One of our own pages, for a mail to lead to. */
export const pageOf = ({ publicUrl, clientId }: Pick<Sender, 'publicUrl' | 'clientId'>, path: string): string =>
  `${publicUrl}${path}?${new URLSearchParams({ client_id: clientId })}`;

/** @param url - http(s) only: anything else throws when the mail is written */
export const button = (label: MessageKey, url: string): Block => ({ kind: 'button', label, url });

/** One mail, before it is markup or text. */
export interface Content {
  readonly subject: string;
  readonly title: string;
  /** What inbox lists show after the subject. */
  readonly preview: string;
  readonly body: readonly Block[];
  /** Below the line: who asked for this, what to do if it was not you. */
  readonly small: readonly string[];
  /** The code it carries, for phones that offer to fill it in; added below all else with the host it belongs to. */
  readonly boundCode?: string;
}

/** A kind of mail: what it needs to know, and what it says. */
export interface LetterKind<Name extends string, Data extends z.ZodType> {
  readonly template: Name;
  readonly data: Data;
  readonly write: (data: z.output<Data>, sender: Sender) => Content;
}

export const letterKind = <const Name extends string, Data extends z.ZodType>(
  template: Name,
  data: Data,
  write: (data: z.output<Data>, sender: Sender) => Content,
): LetterKind<Name, Data> => ({ template, data, write });
