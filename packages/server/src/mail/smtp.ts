import { createTransport } from 'nodemailer';
import { seconds } from '../core/index.ts';
import type { MailTransport } from './transport.ts';

/** Longest a delivery may take in all: less than the time after which another worker takes the job over. */
const deliveryMs = seconds(40);
const stepMs = seconds(10);

/**
 * Mail through a mail server.
 *
 * @param url - `smtps://user:password@host` or `smtp://…`, which turns TLS on when the server offers it; with
 *   `?requireTLS=true` it insists
 * @param from - what recipients see as the sender: `Acme <no-reply@acme.example>`
 */
export function smtpTransport(url: string, from: string): MailTransport {
  const transporter = createTransport({
    url,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: seconds(20),
    // What we send is text of ours; a path or address that strays into a mail must not be read and attached.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^\s<>@]+)/.exec(from)?.[1] ?? 'localhost';
  return async ({ id, to, subject, text, html }) => {
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
