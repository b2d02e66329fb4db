import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';

/** Mail is there as soon as the page that caused it answers; longer waits are for pages that have yet to send it. */
const defaultTimeoutMs = 10_000;
const pollMs = 25;
/** As many as the mailbox keeps. */
const listed = 1000;

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly createdAt: Date;
  /** Its six-digit code; null when it has none. */
  readonly code: string | null;
  /** The addresses it asks to open, in order. */
  readonly links: readonly string[];
}

export interface MailWanted {
  readonly to?: string;
  /** A part of it, in any case, or an expression. */
  readonly subject?: string | RegExp;
  /** How long to wait. Default 10 000. */
  readonly timeoutMs?: number;
}

export interface Mailbox {
  /**
   * The newest mail like that, waited for. Each mail is given out once, so that the second sign-in of a test cannot
   * read the code of the first; what is older than it counts as read, too.
   *
   * @throws {NoMail} which tells what mails there are
   */
  waitFor(wanted: MailWanted): Promise<Mail>;
  /** The code of the next mail to that address. */
  code(to: string, more?: Omit<MailWanted, 'to'>): Promise<string>;
  /** The first link of the next mail to that address. */
  link(to: string, more?: Omit<MailWanted, 'to'>): Promise<string>;
  /** Everything that was sent, newest first. */
  list(to?: string): Promise<readonly Mail[]>;
  clear(): Promise<void>;
}

/** A mail that never came. */
export class NoMail extends Error {
  override readonly name = 'NoMail';

  constructor({ to, subject }: MailWanted, lacking: string, there: readonly Mail[], read: ReadonlySet<string>) {
    const wanted = [to && `to ${to}`, subject && `about ${subject}`].filter(Boolean).join(' ');
    const list = there.map((mail) => `\n  ${mail.to}: ${mail.subject}${read.has(mail.id) ? ' (read before)' : ''}`);
    super(`No mail ${wanted} came${lacking}. There ${there.length === 0 ? 'is none at all.' : `are:${list.join('')}`}`);
  }
}

/** @param read - the ids of mails given out before; it is added to */
export function mailboxOf(api: Api, read: Set<string>): Mailbox {
  const list = async (to?: string): Promise<Mail[]> => {
    const query = new URLSearchParams({ limit: String(listed), ...(to === undefined ? {} : { to }) });
    const { data } = await api.call('GET', `/dev/mailbox/messages?${query}`);
    return (data as Parameters<typeof mailOf>[0][]).map(mailOf);
  };

  const next = async (wanted: MailWanted, has: (mail: Mail) => boolean, lacking: string): Promise<Mail> => {
    const deadline = Date.now() + (wanted.timeoutMs ?? defaultTimeoutMs);
    for (;;) {
      const like = (await list(wanted.to)).filter((mail) => isAbout(mail, wanted.subject) && has(mail));
      const [newest] = like;
      if (newest && !read.has(newest.id)) {
        for (const { id } of like) read.add(id);
        return newest;
      }
      if (Date.now() >= deadline) throw new NoMail(wanted, lacking, await list(), read);
      await sleep(pollMs);
    }
  };

  return {
    list,
    waitFor: (wanted) => next(wanted, () => true, ''),
    async code(to, more) {
      return (await next({ ...more, to }, ({ code }) => code !== null, ' with a code')).code ?? '';
    },
    async link(to, more) {
      return (await next({ ...more, to }, ({ links }) => links.length > 0, ' with a link')).links[0] ?? '';
    },
    async clear() {
      await api.call('DELETE', '/dev/mailbox/messages');
    },
  };
}

function isAbout({ subject }: Mail, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? subject.toLowerCase().includes(wanted.toLowerCase()) : wanted.test(subject);
}

function mailOf({
  created_at,
  ...mail
}: Omit<Mail, 'createdAt' | 'code' | 'links'> & { readonly created_at: string }): Mail {
  return {
    ...mail,
    createdAt: new Date(created_at),
    // The subject first: a text may hold other numbers.
    code: /\b\d{6}\b/.exec(mail.subject)?.[0] ?? /\b\d{6}\b/.exec(mail.text)?.[0] ?? null,
    links: mail.text.match(/https?:\/\/[^\s<>"]*[^\s<>".,)]/g) ?? [],
  };
}
