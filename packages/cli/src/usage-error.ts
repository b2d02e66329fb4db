/** The command was called in a way it does not know: exit code 64, as sysexits.h has it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
