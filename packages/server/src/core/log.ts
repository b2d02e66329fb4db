import pino from 'pino';

export type Logger = pino.Logger;

/** Names whose values never reach a log, wherever they appear in a record. */
const secretNames = [
  'password',
  'code',
  'code_verifier',
  'token',
  'access_token',
  'refresh_token',
  'client_secret',
  'authorization',
  'cookie',
  'set-cookie',
  'value',
  'secret',
  'csrf',
];

/**
 * One JSON record per line, times in UTC, on stderr by default: stdout belongs to what a command prints.
 *
 * Query strings are never logged (they carry codes and e-mail addresses); the path is.
 */
export function createLogger(options: { level: string; destination?: pino.DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[redacted]',
      },
      serializers: { err: describeError },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    detail: (error as { detail?: unknown }).detail,
    stack: error.stack,
    cause: error.cause instanceof Error ? { type: error.cause.name, message: error.cause.message } : undefined,
  };
}

/** `grace@example.com` as `g***@example.com`: enough to recognise, not enough to collect. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
