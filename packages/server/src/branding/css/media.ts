import type { CssNodePlain } from 'css-tree';
import { length, type Value, words } from './values.ts';

const widths = length(0, 4000);

/** By the name of the feature. */
const features: Readonly<Record<string, Value>> = {
  'min-width': widths,
  'max-width': widths,
  orientation: words('portrait', 'landscape'),
  'prefers-color-scheme': words('light', 'dark'),
  'prefers-reduced-motion': words('reduce', 'no-preference'),
};

export const mediaAdvice = `An @media takes ${Object.keys(features).join(', ')}, each in brackets, with 'and' between them.`;

/** The condition of an `@media`, printed anew; null when it asks for anything else. */
export function readMedia(prelude: CssNodePlain | null): string | null {
  const [list, ...more] = prelude?.type === 'AtrulePrelude' ? prelude.children : [];
  if (list?.type !== 'MediaQueryList' || more.length > 0) return null;
  const [query, ...others] = list.children;
  if (query?.type !== 'MediaQuery' || others.length > 0 || query.modifier || query.mediaType) return null;
  const conditions = query.condition?.type === 'Condition' ? query.condition.children : [];
  if (conditions.length === 0) return null;
  const printed = conditions.map((node, at) => (at % 2 === 0 ? featureOf(node) : conjunctionOf(node)));
  return printed.includes(null) || printed.length % 2 === 0 ? null : printed.join(' ');
}

const conjunctionOf = (node: CssNodePlain): string | null =>
  node.type === 'Identifier' && node.name.toLowerCase() === 'and' ? 'and' : null;

function featureOf(node: CssNodePlain): string | null {
  if (node.type !== 'Feature' || node.value === null || !Object.hasOwn(features, node.name)) return null;
  const value = features[node.name]?.print([node.value]) ?? null;
  return value === null ? null : `(${node.name}:${value})`;
}
