/** Longest address that survives the operators' sign-in. */
const maxReturn = 512;

const page = '/dashboard/redirects';

/** Where an operator looks after the lists. */
export const toRedirects = { label: 'Open Redirects in the dashboard', href: page };

/**
 * Where an operator is told what is wrong with an address, and adds it to the list by a click there: a link may not do
 * that, as anybody could have sent it.
 */
export function wayToAdd(
  { id }: { readonly id: string },
  list: 'redirect_uris' | 'sign_out_redirects',
  uri: string,
): typeof toRedirects {
  const href = `${page}?${new URLSearchParams({ environment: id, list, check: uri })}`;
  return href.length > maxReturn ? toRedirects : { label: 'Add this URL in the dashboard', href: `${href}#checker` };
}
