import * as openid from 'openid-client';

const maxLength = 300;

/** What went wrong, without what came with it: codes and tokens stay out of the log. */
export function reasonOf(error: unknown): string {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError)
    return `the provider answered ${error.error.slice(0, 64)}`;
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  const inner = cause instanceof Error ? `: ${cause.message}` : '';
  return `${code ?? ''} ${message ?? 'unknown'}${inner}`.trim().slice(0, maxLength);
}
