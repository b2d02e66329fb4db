import type { CssNodePlain } from 'css-tree';
import { parts, untouchable } from './parts.ts';

/** States that say nothing of what somebody typed: `:valid`, `:has()` and attributes would, and leave no trace in ours. */
const states = ['hover', 'focus-visible', 'active', 'first-child', 'last-child'];
/** Those that come and go under somebody's finger. */
const passing = ['hover', 'focus-visible', 'active'];

/** Deeper ones match nothing that stands on a page. */
const maxSteps = 4;

export interface Styled {
  readonly part: string;
  /** Only while somebody points at something or presses it. */
  readonly isPassing: boolean;
}

/** A selector as it is printed, and the part it styles, which is its last. */
export type Selected = (Styled & { readonly printed: string }) | { readonly fault: string; readonly part?: undefined };

/** Printed from our own lists: names, states, and the two combinators that lead downwards. */
export function readSelector(nodes: readonly CssNodePlain[]): Selected {
  let printed = '';
  let part: string | null = null;
  let steps = 1;
  let isPassing = false;
  for (const node of nodes) {
    switch (node.type) {
      case 'ClassSelector':
      case 'TypeSelector': {
        const name = node.type === 'ClassSelector' ? `.${node.name}` : node.name;
        if (!Object.hasOwn(parts, name)) return { fault: unknown(name) };
        printed += name;
        part = name;
        break;
      }
      case 'PseudoClassSelector': {
        if (part === null || node.children || !states.includes(node.name))
          return {
            fault: `':${node.name.slice(0, 40)}' is not taken; states are ${states.map((state) => `:${state}`).join(', ')}.`,
          };
        printed += `:${node.name}`;
        isPassing ||= passing.includes(node.name);
        break;
      }
      case 'Combinator': {
        if (part === null || ![' ', '>'].includes(node.name))
          return { fault: `The combinator '${node.name}' is not taken; write a space or '>' between parts.` };
        steps += 1;
        printed += node.name;
        part = null;
        break;
      }
      default:
        return { fault: `${kinds[node.type] ?? 'This selector'} is not taken; select by the names of parts.` };
    }
  }
  if (part === null) return { fault: 'A selector ends with the name of a part.' };
  if (steps > maxSteps) return { fault: `A selector has at most ${maxSteps} parts one in the other.` };
  return { printed, part, isPassing };
}

function unknown(name: string): string {
  const shown = name.slice(0, 40);
  return untouchable.includes(name)
    ? `'${shown}' cannot be styled: people rely on what stands there.`
    : `'${shown}' is not the name of a part.`;
}

const kinds: Readonly<Record<string, string>> = {
  AttributeSelector: 'An attribute',
  IdSelector: 'An id',
  PseudoElementSelector: 'A pseudo-element',
  NestingSelector: 'Nesting',
  Raw: 'What cannot be read',
};
