import { z } from 'zod';
import { type Html, html } from '../core/index.ts';
import { button, codeBox, paragraph, writeHtml } from './layout.ts';

/** What each mail needs to know. Whose mail it is (application, host) is added when it is written. */
export const letter = z.discriminatedUnion('template', [
  z.object({
    template: z.literal('verify_email'),
    data: z.object({ code: z.string().regex(/^\d{6}$/), expiresInMinutes: z.number().int().positive() }),
  }),
  z.object({
    template: z.literal('account_exists'),
    /** `signInUrl`: where the application lets people sign in; null when it has not said. */
    data: z.object({ signInUrl: z.string().nullable() }),
  }),
]);
export type Letter = z.infer<typeof letter>;

/** Whose mail it is. */
interface Sender {
  /** As the operator named the application. */
  readonly appName: string;
  /** Host name of the pages the mail belongs to, without a port. */
  readonly host: string;
}

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

export function writeMail(content: Letter, sender: Sender): Written {
  switch (content.template) {
    case 'verify_email':
      return verifyEmail(content.data, sender);
    case 'account_exists':
      return accountExists(content.data, sender);
  }
}

function verifyEmail(
  { code, expiresInMinutes }: { code: string; expiresInMinutes: number },
  { appName, host }: Sender,
): Written {
  const name = unlinked(appName);
  const lifetime = expiresInMinutes === 1 ? '1 minute' : `${expiresInMinutes} minutes`;
  const use = `Enter it on the page that asked for it. It works once, within ${lifetime}.`;
  const warning = `Keep it to yourself: nobody at ${name} will ever ask you for it. If you did not ask for a code, you need not do anything.`;
  const bound = `@${host} #${code}`;
  return {
    subject: `${code} is your code for ${oneLine(appName)}`,
    text: lines(`Your code for ${name}:`, code, use, warning, bound),
    html: writeHtml({
      appName: name,
      title: 'Your code',
      preview: use,
      body: html`${paragraph(html`Here is your code for ${strong(name)}.`)}${codeBox(code)}${paragraph(use)}`,
      small: [warning, bound],
    }),
  };
}

/** Goes out when somebody signs up with an address that has an account. The page says the same as for a new one. */
function accountExists({ signInUrl }: { signInUrl: string | null }, { appName }: Sender): Written {
  const name = unlinked(appName);
  const url = signInUrl && /^https?:\/\//.test(signInUrl) ? signInUrl : null;
  const happened = (app: Html | string) =>
    html`Somebody, probably you, tried to sign up for ${app} with this address. It has an account already, so no second one was made.`;
  const next = url ? 'To get in, sign in:' : 'To get in, go back and choose “Sign in”.';
  const reassurance = 'It was not you? Then nothing was changed, and nobody was told that you have an account.';
  return {
    subject: `You already have an account with ${oneLine(appName)}`,
    text: lines(
      'You already have an account',
      `Somebody, probably you, tried to sign up for ${name} with this address. It has an account already, so no second one was made.`,
      url ? `${next} ${url}` : next,
      reassurance,
    ),
    html: writeHtml({
      appName: name,
      title: 'You already have an account',
      preview: 'No second one was made. Just sign in.',
      body: html`${paragraph(happened(strong(name)))}${url ? button('Sign in', url) : paragraph(next)}`,
      small: [reassurance],
    }),
  };
}

const strong = (text: string): Html => html`<b class="text" style="font-weight:600;color:#16181d">${text}</b>`;

const lines = (...paragraphs: readonly string[]): string => `${paragraphs.join('\n\n')}\n`;

/** Without line ends (they would begin a new header), other controls, and marks that turn the reading order round. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/**
 * A name that mail programs do not turn into a link. An application may be called `evil.example`, and they link
 * whatever looks like an address; an invisible word joiner (U+2060) after each mark of one prevents that.
 */
export function unlinked(name: string): string {
  return oneLine(name).replace(/[.:/@](?=\S)/g, '$&\u2060');
}
