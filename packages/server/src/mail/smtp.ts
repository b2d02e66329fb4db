import { seconds } from '../core/index.ts';
import type { MailTransport } from './transport.ts';

/** Longest a delivery may take in all: less than the time after which another worker takes the job over. */
const deliveryMs = seconds(40);
const stepMs = seconds(10);

/** Loaded with the first mail: it is a tenth of what a server has to load, and most of them never send that way. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/**
 * Mail through a mail server.
 *
 * @param url - `smtps://user:password@host` or `smtp://…`, which turns TLS on when the server offers it; with
 *   `?requireTLS=true` it insists
 * @param from - what recipients see as the sender: `Acme <no-reply@acme.example>`
 */
export function smtpTransport(url: string, from: string): MailTransport {
  const connect = once(async () =>
    (await import('nodemailer')).createTransport({
      url,
      connectionTimeout: stepMs,
      greetingTimeout: stepMs,
      dnsTimeout: stepMs,
      socketTimeout: seconds(20),
      // What we send is text of ours; a path or address that strays into a mail must not be read and attached.
      disableFileAccess: true,
      disableUrlAccess: true,
    }),
  );
  const domain = /@([^\s<>@]+)/.exec(from)?.[1] ?? 'localhost';
  return async ({ id, to, subject, text, html }) => {
    const transporter = await connect();
    await transporter.sendMail({
      from,
      // As an object it is one address whatever it contains; as text it would be parsed as a list.
      to: { name: '', address: to },
      subject,
      text,
      html,
      messageId: `<${id}@${domain}>`,
      // Out-of-office programs keep quiet (RFC 3834 section 5).
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(deliveryMs),
    });
  };
}
