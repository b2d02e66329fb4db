/**
 * Which environment was chosen in this browser last. In a cookie, because the server looks at it, too: what `/docs` shows
 * carries the client id of the environment that somebody works with. It opens nothing.
 */
const name = `${window.location.protocol === 'https:' ? '__Host-' : ''}authkit-environment`;
const yearSeconds = 365 * 24 * 60 * 60;

export function chosenEnvironment(): string | null {
  const pair = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? null;
}

export function rememberEnvironment(id: string): void {
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the other way is asynchronous, and not there without https.
  document.cookie = `${name}=${id}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax${secure}`;
}
