/**
 * The language of JWT templates: a JSON object whose values may be expressions, `{{ user.name || user.email || 'none' }}`.
 *
 * A template is parsed once into a tree, and values are put into that tree, never into text: whatever people wrote into
 * their profiles is a value in the token and can become no claim, no JSON and no expression.
 */
import { bytesOf, maxClaimsBytes, maxContentLength, maxDepth } from './limits.ts';
import { faultOfPath, isPlain } from './paths.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Claims = Readonly<Record<string, Json>>;
/** By root; null: there is none, so everything of it is null. */
export type Values = Readonly<Record<string, Claims | null>>;

type Operand = { readonly literal: string } | { readonly path: readonly string[] };
/** The first operand that is not null counts. */
type Expression = readonly Operand[];

type Node =
  | { readonly kind: 'constant'; readonly value: null | boolean | number | string }
  | { readonly kind: 'value'; readonly of: Expression }
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly members: readonly Member[] };
type Member = readonly [name: string, node: Node];

export interface Template {
  readonly members: readonly Member[];
  /** `user.name`, `organization.metadata`: what has to be known to fill it in. */
  readonly needs: ReadonlySet<string>;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
}

/**
 * Claims that say who a token is for, how it came about and how long it counts are ours alone: whoever checks a token
 * relies on them.
 */
const reserved: readonly string[] = [
  ...['iss', 'sub', 'exp', 'iat', 'nbf', 'jti'],
  ...['sid', 'org_id', 'act', 'client_id', 'auth_time'],
];

/** `{{ … }}` with no brace inside but in a literal. */
const expression = /\{\{((?:'[^']*'|[^'{}])*)\}\}/g;
/** The same or a whole JSON string, whichever begins first. */
const stringOrExpression = /"(?:[^"\\]|\\.)*"|\{\{(?:'[^']*'|[^'{}])*\}\}/gs;
const operand = /\s*(?:'([^']*)'|([^\s.|'"{}]+(?:\.[^\s.|'"{}]+)*))\s*(\|\||$)/y;

/** @returns the template, or everything that is wrong with it */
export function parseTemplate(
  content: string,
): { readonly template: Template } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const report = (code: string, message: string): void => {
    if (!faults.some((known) => known.message === message)) faults.push({ code, message });
  };
  const json = readJson(content, report);
  if (json === null) return { faults };
  const needs = new Set<string>();
  const members = Object.entries(json).map(([name, value]): Member => {
    if (reserved.includes(name))
      report('claim_reserved', `The claim '${name}' is ours and cannot be set by a template.`);
    return memberOf(name, value, { report, needs, depth: 1 });
  });
  if (members.length === 0) report('template_empty', 'A template needs at least one claim.');
  if (faults.length > 0) return { faults };
  const template = { members, needs };
  const least = bytesOf(renderTemplate(template, {}));
  if (least <= maxClaimsBytes) return { template };
  report('template_too_big', `It would never have less than ${least} bytes; at most ${maxClaimsBytes} are allowed.`);
  return { faults };
}

type Report = (code: string, message: string) => void;

/** An expression outside a string means the same as one that fills a string: as one it is JSON, and JSON is parsed. */
function readJson(content: string, report: Report): Record<string, Json> | null {
  if (content.length > maxContentLength) {
    report('template_too_long', `A template has at most ${maxContentLength} characters.`);
    return null;
  }
  const quoted = content.replaceAll(stringOrExpression, (found) =>
    found.startsWith('"') ? found : JSON.stringify(found),
  );
  try {
    const json: unknown = JSON.parse(quoted);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, Json>;
    report('template_not_an_object', 'A template is a JSON object: { "claim": "{{ user.email }}" }.');
  } catch (error) {
    report('template_not_json', `This is not JSON with expressions: ${(error as Error).message}.`);
  }
  return null;
}

interface Parsing {
  readonly report: Report;
  readonly needs: Set<string>;
  readonly depth: number;
}

function memberOf(name: string, value: Json, parsing: Parsing): Member {
  if (name.includes('{{')) parsing.report('name_has_expression', `A name is a constant; '${name}' is none.`);
  return [name, nodeOf(value, parsing)];
}

function nodeOf(json: Json, parsing: Parsing): Node {
  if (typeof json === 'string') return textOf(json, parsing);
  if (json === null || typeof json !== 'object') return { kind: 'constant', value: json };
  if (parsing.depth > maxDepth) {
    parsing.report('template_too_deep', `Lists and objects may be nested ${maxDepth} deep.`);
    return { kind: 'constant', value: null };
  }
  const inner = { ...parsing, depth: parsing.depth + 1 };
  if (Array.isArray(json)) return { kind: 'list', items: json.map((item: Json) => nodeOf(item, inner)) };
  return { kind: 'object', members: Object.entries(json).map(([name, value]) => memberOf(name, value, inner)) };
}

function textOf(text: string, parsing: Parsing): Node {
  // Split at a pattern with one group: constants at even places, what stood between braces at odd ones.
  const pieces = text.split(expression);
  if (pieces.some((piece, index) => index % 2 === 0 && piece.includes('{{')))
    parsing.report('expression_invalid', `An expression in '${shortened(text)}' does not end with '}}'.`);
  if (pieces.length === 1) return { kind: 'constant', value: text };
  const isWhole = pieces.length === 3 && pieces[0] === '' && pieces[2] === '';
  const parts = pieces.map((piece, index) => (index % 2 === 0 ? piece : expressionOf(piece, parsing, isWhole)));
  const [, whole] = parts;
  return isWhole && typeof whole === 'object' ? { kind: 'value', of: whole } : { kind: 'text', parts };
}

function expressionOf(source: string, { report, needs }: Parsing, isWhole: boolean): Expression {
  const operands: Operand[] = [];
  let rest = source;
  for (let more = true; more; ) {
    operand.lastIndex = 0;
    const [all, literal, path, then] = operand.exec(rest) ?? [];
    if (all === undefined) {
      report(
        'expression_invalid',
        `'{{${shortened(source)}}}' is not a path or a 'text', or several with '||' between.`,
      );
      return operands;
    }
    operands.push(literal === undefined ? { path: pathOf(path ?? '', { report, needs }, isWhole) } : { literal });
    rest = rest.slice(all.length);
    more = then === '||';
  }
  return operands;
}

function pathOf(source: string, { report, needs }: Pick<Parsing, 'report' | 'needs'>, isWhole: boolean): string[] {
  const path = source.split('.');
  const fault = faultOfPath(path.map(shortened));
  if (fault) report('path_unknown', `'${shortened(source)}': ${fault}`);
  else if (!isWhole && !isPlain(path))
    report('path_not_a_text', `'${source}' is a list or an object: it can be a value, but no part of a text.`);
  needs.add(path.slice(0, 2).join('.'));
  return path;
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** A claim whose value turns out null is left out; in texts null is nothing. */
export function renderTemplate({ members }: Template, values: Values): Claims {
  return Object.fromEntries(
    members.flatMap(([name, node]) => {
      const value = render(node, values);
      return value === null || reserved.includes(name) ? [] : [[name, value]];
    }),
  );
}

function render(node: Node, values: Values): Json {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'value':
      return evaluate(node.of, values);
    case 'text':
      return node.parts.map((part) => (typeof part === 'string' ? part : printed(evaluate(part, values)))).join('');
    case 'list':
      return node.items.map((item) => render(item, values));
    case 'object':
      return Object.fromEntries(node.members.map(([name, member]) => [name, render(member, values)]));
  }
}

const printed = (value: Json): string =>
  value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function evaluate(operands: Expression, values: Values): Json {
  for (const each of operands) {
    const value = 'literal' in each ? each.literal : lookUp(each.path, values);
    if (value !== null) return value;
  }
  return null;
}

/** Own members only: `constructor` and `__proto__` are names like any other, and nobody has them. */
function lookUp(path: readonly string[], values: Values): Json {
  return path.reduce<Json>(
    (at, name) =>
      at !== null && typeof at === 'object' && !Array.isArray(at) && Object.hasOwn(at, name)
        ? ((at as Claims)[name] ?? null)
        : null,
    values,
  );
}
