/**
 * The app's address with an answer added; what the address already carries stays.
 *
 * @param state - as it stood in the address it came in, percent-encoding included; null when none was sent
 */
export function answerUrl(redirectUri: string, answer: Readonly<Record<string, string>>, state: string | null): string {
  const pairs = Object.entries(answer).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (state !== null) pairs.push(`state=${state}`);
  if (pairs.length === 0) return redirectUri;
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}
