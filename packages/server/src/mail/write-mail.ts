import { z } from 'zod';
import { oneLine, unlinked } from './app-name.ts';
import { writeHtml } from './layout.ts';
import { letterKinds } from './letters/index.ts';
import type { Content, Sender } from './letters/letter.ts';
import { writeText } from './text.ts';

type Kinds = (typeof letterKinds)[number];
type LetterOf<Kind> = Kind extends { template: infer Name; data: z.ZodType<infer Data> }
  ? { readonly template: Name; readonly data: Data }
  : never;

/** What each mail needs to know. Whose mail it is (application, host) and its language are added when it is written. */
export type Letter = LetterOf<Kinds>;

export const letter = z.unknown().transform((value, context): Letter => {
  const kind = letterKinds.find(({ template }) => template === (value as { template?: unknown } | null)?.template);
  const parsed = kind?.data.safeParse((value as { data?: unknown }).data);
  if (kind && parsed?.success) return { template: kind.template, data: parsed.data } as Letter;
  context.addIssue('This is no letter of ours.');
  return z.NEVER;
});

export interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The code's last line: phones offer the code only on pages of that host, so a look-alike page gets none. */
const originBound = /^@\S+ #(\d{6})$/;

/** The code a mail carries, read from the last line of its text; null when it carries none. */
export function codeIn(text: string): string | null {
  const lastLine = text.trimEnd().split('\n').at(-1) ?? '';
  return originBound.exec(lastLine)?.[1] ?? null;
}

/** @param sender.app - as the operator named the application */
export function writeMail({ template, data }: Letter, sender: Sender): Written {
  const app = unlinked(sender.app);
  const kind = letterKinds.find((known) => known.template === template) as
    | { readonly write: (data: unknown, sender: Sender) => Content }
    | undefined;
  if (!kind) throw new Error(`There is no letter ${String(template)}.`);
  const content = kind.write(data, { ...sender, app });
  return {
    // A subject links nothing, and filters look for the name as it is.
    subject: oneLine(content.subject.replaceAll('\u2060', '')),
    text: writeText(content, sender),
    html: writeHtml(content, { ...sender, app }),
  };
}
