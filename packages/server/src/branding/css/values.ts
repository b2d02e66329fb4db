/**
 * What a declaration may say. A value is read into a number or a word of a list, and printed anew from that: nothing that
 * an operator typed is copied into a page. There is no `url()`, no string and no function but `var()` of a few tokens.
 */
import type { CssNodePlain } from 'css-tree';

export interface Value {
  /** For whoever wrote another one: what it takes. */
  readonly says: string;
  /** Null: not one of these. */
  print(nodes: readonly CssNodePlain[]): string | null;
}

const remPx = 16;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const inside = (value: number, least: number, most: number): number | null =>
  value >= least && value <= most ? rounded(value) : null;

/** In pixels, whichever unit it was written in; null for any other unit. */
function pixelsOf(node: CssNodePlain): number | null {
  if (node.type === 'Number') return Number(node.value) === 0 ? 0 : null;
  if (node.type !== 'Dimension') return null;
  const unit = node.unit.toLowerCase();
  if (unit === 'px') return Number(node.value);
  return unit === 'rem' ? Number(node.value) * remPx : null;
}

/** Printed in `rem` where it was, so that a person's text size counts. */
function lengthOf(node: CssNodePlain, least: number, most: number): string | null {
  const pixels = pixelsOf(node);
  const value = pixels === null ? null : inside(pixels, least, most);
  if (value === null) return null;
  return node.type === 'Dimension' && node.unit.toLowerCase() === 'rem' ? `${rounded(value / remPx)}rem` : `${value}px`;
}

/** @param most - in CSS pixels, as `least` @param count - how many of them may stand side by side */
export const length = (least: number, most: number, count = 1): Value => ({
  says: `${count === 1 ? 'a length' : `1 to ${count} lengths`} of ${least} to ${most}px, in px or rem`,
  print(nodes) {
    if (nodes.length < 1 || nodes.length > count) return null;
    const lengths = nodes.map((node) => lengthOf(node, least, most));
    return lengths.includes(null) ? null : lengths.join(' ');
  },
});

export const number = (least: number, most: number): Value => ({
  says: `a number of ${least} to ${most}`,
  print([node, ...more]) {
    if (node?.type !== 'Number' || more.length > 0) return null;
    const value = inside(Number(node.value), least, most);
    return value === null ? null : String(value);
  },
});

/** Nothing, with or without a unit. */
export const zero: Value = {
  says: '0',
  print: ([node, ...more]) => (node && more.length === 0 ? lengthOf(node, 0, 0) : null),
};

export const ems = (least: number, most: number): Value => ({
  says: `a length of ${least} to ${most}em`,
  print([node, ...more]) {
    if (node?.type !== 'Dimension' || node.unit.toLowerCase() !== 'em' || more.length > 0) return null;
    const value = inside(Number(node.value), least, most);
    return value === null ? null : `${value}em`;
  },
});

export const words = (...known: readonly string[]): Value => ({
  says: known.length === 1 ? `${known[0]}` : `one of ${known.join(', ')}`,
  print([node, ...more]) {
    if (node?.type !== 'Identifier' || more.length > 0) return null;
    return known.find((word) => word === node.name.toLowerCase()) ?? null;
  },
});

/** Design tokens of the look, whose colours were made readable. */
export const tokens = (...known: readonly string[]): Value => ({
  says: `${known.length === 1 ? '' : 'one of '}${known.map((name) => `var(--${name})`).join(', ')}`,
  print([node, ...more]) {
    if (node?.type !== 'Function' || node.name.toLowerCase() !== 'var' || more.length > 0) return null;
    const [name, ...fallback] = node.children;
    if (name?.type !== 'Identifier' || fallback.length > 0) return null;
    const token = known.find((one) => `--${one}` === name.name);
    return token === undefined ? null : `var(--${token})`;
  },
});

export const either = (...values: readonly Value[]): Value => ({
  says: values.map(({ says }) => says).join('; or '),
  print(nodes) {
    for (const value of values) {
      const printed = value.print(nodes);
      if (printed !== null) return printed;
    }
    return null;
  },
});
