import { posix } from 'node:path';

export interface Address {
  /** Below `/docs`. */
  readonly path: string;
  /** Empty, or with its `#`. */
  readonly fragment: string;
}

/**
 * Where a link between documents leads, once they are pages.
 *
 * @param from - the file it stands in, below the folder of documents
 * @returns null when it leads out of that folder, or to another site
 */
export function addressOf(from: string, href: string): Address | null {
  if (isElsewhere(href)) return null;
  const [file = '', fragment] = href.split('#');
  const target = file === '' ? from : posix.normalize(posix.join(posix.dirname(from), file));
  if (target.startsWith('..')) return null;
  return { path: pathOf(target), fragment: fragment === undefined ? '' : `#${fragment}` };
}

/** `guides/next.md` is the page `guides/next`, and `guides/README.md` is `guides`. */
export const pathOf = (file: string): string =>
  file
    .replace(/\/$/, '')
    .replace(/\.md$/, '')
    .replace(/(^|\/)README$/, '');

export const isElsewhere = (href: string): boolean => /^(https?:|mailto:)/.test(href);

export const urlOf = (path: string, fragment = ''): string => `/docs${path === '' ? '' : `/${path}`}${fragment}`;

/** The fragment that leads to a heading, as GitHub makes it. The second of one name gets a number besides. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
