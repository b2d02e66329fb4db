import type { Transporter } from 'nodemailer';
import { seconds } from '../core/index.ts';
import type { Mail, MailTransport } from './transport.ts';

/** Longest a delivery may take in all: less than the time after which another worker takes the job over. */
const deliveryMs = seconds(40);
const stepMs = seconds(10);

/** Who a mail is from: as `Acme <no-reply@acme.example>`, or in its two parts. */
export interface Letterhead {
  readonly from: string | { readonly name: string; readonly address: string };
  readonly replyTo?: string | null;
}

/** Loaded with the first mail: it is a tenth of what a server has to load, and most of them never send that way. */
export async function connectTo(server: Readonly<Record<string, unknown>>): Promise<Transporter> {
  return (await import('nodemailer')).createTransport({
    ...server,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: seconds(20),
    // What we send is text of ours; a path or address that strays into a mail must not be read and attached.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** @returns the server's last words */
export async function sendBy(
  transporter: Transporter,
  { from, replyTo }: Letterhead,
  { id, to, subject, text, html }: Omit<Mail, 'queuedAt' | 'sequence'>,
  timeoutMs: number = deliveryMs,
): Promise<string> {
  const sender = typeof from === 'string' ? from : from.address;
  const domain = /@([^\s<>@]+)/.exec(sender)?.[1] ?? 'localhost';
  const { response } = await transporter.sendMail({
    from,
    ...(replyTo ? { replyTo: { name: '', address: replyTo } } : {}),
    // As an object it is one address whatever it contains; as text it would be parsed as a list.
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${id}@${domain}>`,
    // Out-of-office programs keep quiet (RFC 3834 section 5).
    headers: { 'Auto-Submitted': 'auto-generated' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  return response ?? '';
}

/**
 * Mail through a mail server.
 *
 * @param url - `smtps://user:password@host` or `smtp://…`, which turns TLS on when the server offers it; with
 *   `?requireTLS=true` it insists
 * @param from - what recipients see as the sender: `Acme <no-reply@acme.example>`
 */
export function smtpTransport(url: string, from: string): MailTransport {
  let transporter: Promise<Transporter> | undefined;
  return async (mail) => {
    transporter ??= connectTo({ url });
    await sendBy(await transporter, { from }, mail);
  };
}
