import { HostRefused } from '../core/index.ts';

/** Why a mail did not leave. */
export const sendProblems = [
  'host',
  'unreachable',
  'timeout',
  'tls',
  'login',
  'sender',
  'recipient',
  'content',
  'broken_off',
  'other',
] as const;
export type SendProblem = (typeof sendProblems)[number];

/** A mail we would not hand over, in words for the operator. */
export class SendRefused extends Error {
  override readonly name = 'SendRefused';
  readonly problem: SendProblem;

  constructor(problem: SendProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

export interface Refusal {
  readonly problem: SendProblem;
  /** What happened and what to do about it, with what the server said. */
  readonly message: string;
  /** The address itself was refused for good: whoever sends on to it is taken for a spammer. */
  readonly isForGood: boolean;
}

/** What the SMTP client says of an error. */
interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
  readonly message: string;
}

const longestAnswer = 300;

/** An error of a delivery, explained. */
export function explain(thrown: unknown): Refusal {
  if (thrown instanceof HostRefused) return { problem: 'host', message: thrown.message, isForGood: false };
  if (thrown instanceof SendRefused) return { problem: thrown.problem, message: thrown.message, isForGood: false };
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as Error & SmtpError;
  const problem = problemOf(error);
  return {
    problem,
    message: `${advice[problem]}${said(error)}`,
    isForGood: problem === 'recipient' && isGone(error),
  };
}

const advice: Readonly<Record<SendProblem, string>> = {
  host: 'The mail server may not be reached.',
  unreachable: 'Nothing answers at this host and port. Check both.',
  timeout: 'The mail server did not answer in time. Check host and port, and that no firewall is between.',
  tls: 'No protected connection came about. Check that the port goes with TLS or STARTTLS, and the server’s certificate.',
  login: 'The mail server refused user name or password.',
  sender: 'The mail server refused the sender’s address. Prove its domain there, or use another one.',
  recipient: 'The mail server refused the recipient’s address.',
  content: 'The mail server refused the mail.',
  broken_off: 'The mail server broke the connection off.',
  other: 'The mail could not be handed over.',
};

function problemOf({ code = '', command = '', message }: SmtpError): SendProblem {
  if (/certificate|CERT|SSL|TLS|self-signed|wrong version number/i.test(`${code} ${message}`)) return 'tls';
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'login';
  if (code === 'EENVELOPE') return command.startsWith('MAIL') ? 'sender' : 'recipient';
  if (code === 'EMESSAGE' || command === 'DATA') return 'content';
  if (code === 'ETIMEDOUT' || /aborted|timeout/i.test(message)) return 'timeout';
  if (code === 'ECONNREFUSED' || /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH/.test(message)) return 'unreachable';
  if (/ECONNRESET|closed|hang up/i.test(`${code} ${message}`)) return 'broken_off';
  return 'other';
}

/** What the server said, as one line and without what it repeats of a login. */
function said({ response, message }: SmtpError): string {
  const words = (response ?? message).replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return words === '' ? '' : ` It said: ${words.slice(0, longestAnswer)}`;
}

/**
 * Permanently refused at `RCPT TO`, because of the address. Servers refuse with the same codes what they do not like of
 * us: the sender, a missing login, the network we come from. That says nothing about the recipient, and would
 * otherwise end all mail to everybody. The enhanced code tells where there is one (RFC 3463).
 */
function isGone({ responseCode = 0, response = '' }: SmtpError): boolean {
  if (responseCode < 500 || responseCode > 599) return false;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  if (enhanced !== undefined) return /^5\.(1\.(1|2|3|6|10)|2\.1)$/.test(enhanced);
  if (![550, 551, 553].includes(responseCode)) return false;
  return !/relay|sender|authenti|authoriz|spf|dkim|dmarc|policy|spam|block|reputation|not allowed|denied/i.test(
    response,
  );
}
