/** Why a server did not start: one line that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
