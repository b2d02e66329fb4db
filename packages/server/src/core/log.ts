import pino from 'pino';
import { ApiError } from './errors.ts';

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
      serializers: { err: (error: unknown) => describeError(error) },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** Causes of causes end somewhere; a ring of them must not keep the log from being written. */
const maxCauses = 4;

/**
 * The fields we know and no others: a driver's error also carries the values of the row it refused. `detail` is ours
 * alone for the same reason.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    detail: error instanceof ApiError ? error.detail : undefined,
    stack: error.stack,
    cause: error.cause === undefined || depth === maxCauses ? undefined : describeError(error.cause, depth + 1),
  };
}
