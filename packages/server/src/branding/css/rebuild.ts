/**
 * An operator's own CSS, for the pages where passwords are entered. It is parsed, and printed anew from lists of ours:
 * selectors, properties, words, and numbers within bounds. What is not on a list is left out and told.
 */
import { type CssNodePlain, parse, tokenize, tokenTypes, toPlainObject } from 'css-tree';
import { mediaAdvice, readMedia } from './media.ts';
import { parts, still } from './parts.ts';
import { readSelector, type Styled } from './selectors.ts';

/** Characters. It travels inside each page. */
const maxCss = 16_384;
/** Rules and other blocks. An empty one takes three characters, and each costs the parser as much as a full one. */
const maxBlocks = 400;
/** What ends with a semicolon. Each that cannot be read costs the parser as much as a whole rule. */
const maxDeclarations = 1000;
/** Selectors of one rule, each of which every declaration is held against. */
const maxSelectors = 32;
/** A rule within an `@media`, and a function in it. */
const maxDepth = 4;
/** More would help nobody to read. */
const maxFaults = 100;

export interface CssFault {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

export interface Rebuilt {
  readonly css: string;
  readonly faults: readonly CssFault[];
}

type Refuse = (node: CssNodePlain, reason: string) => void;

export function rebuildCss(source: string): Rebuilt {
  if (source.length > maxCss) return refused(1, `At most ${maxCss} characters are taken.`);
  const excess = excessFault(source);
  if (excess) return { css: '', faults: [excess] };
  const faults: CssFault[] = [];
  const refuse: Refuse = (node, reason) => {
    if (faults.length < maxFaults) faults.push({ line: node.loc?.start.line ?? 1, reason });
  };
  const sheet = toPlainObject(parse(source, { positions: true, parseCustomProperty: true }));
  const css = childrenOf(sheet).map((node) => atTop(node, refuse));
  return { css: css.join(''), faults: faults.sort((one, other) => one.line - other.line) };
}

const refused = (line: number, reason: string): Rebuilt => ({ css: '', faults: [{ line, reason }] });

/** Before anything is parsed: the parser calls itself for each bracket, and its stack ends; and each rule takes its time. */
function excessFault(source: string): CssFault | null {
  const counted = { depth: 0, blocks: 0, declarations: 0, commas: 0 };
  let found: CssFault | null = null;
  tokenize(source, (type, start) => {
    if (found) return;
    if (opening.includes(type)) counted.depth += 1;
    else if (closing.includes(type)) counted.depth = Math.max(0, counted.depth - 1);
    if (type === tokenTypes.LeftCurlyBracket) counted.blocks += 1;
    if (type === tokenTypes.Semicolon) counted.declarations += 1;
    // Every list of selectors ends with one of these; the commas of a value are few.
    if (type === tokenTypes.Comma) counted.commas += 1;
    else if (listEnds.includes(type)) counted.commas = 0;
    const reason = excessOf(counted);
    if (reason !== null) found = { line: source.slice(0, start).split('\n').length, reason };
  });
  return found;
}

function excessOf(counted: Readonly<Record<'depth' | 'blocks' | 'declarations' | 'commas', number>>): string | null {
  if (counted.depth > maxDepth) return 'Brackets lie too deep in one another.';
  if (counted.blocks > maxBlocks) return `At most ${maxBlocks} rules are taken.`;
  if (counted.declarations > maxDeclarations) return `At most ${maxDeclarations} declarations are taken.`;
  return counted.commas >= maxSelectors ? `A rule has at most ${maxSelectors} selectors.` : null;
}

const listEnds: readonly number[] = [tokenTypes.LeftCurlyBracket, tokenTypes.RightCurlyBracket, tokenTypes.Semicolon];
const opening: readonly number[] = [
  tokenTypes.Function,
  tokenTypes.LeftParenthesis,
  tokenTypes.LeftSquareBracket,
  tokenTypes.LeftCurlyBracket,
];
const closing: readonly number[] = [
  tokenTypes.RightParenthesis,
  tokenTypes.RightSquareBracket,
  tokenTypes.RightCurlyBracket,
];

function atTop(node: CssNodePlain, refuse: Refuse): string {
  if (node.type !== 'Atrule') return rule(node, refuse);
  const name = node.name.toLowerCase();
  if (name !== 'media') {
    refuse(node, `'@${name.slice(0, 40)}' is not taken; of at-rules there is @media.`);
    return '';
  }
  const condition = readMedia(node.prelude);
  if (condition === null || !node.block) {
    refuse(node, mediaAdvice);
    return '';
  }
  const rules = childrenOf(node.block).map((inner) => rule(inner, refuse));
  return wrapped(`@media ${condition}`, rules.join(''));
}

function rule(node: CssNodePlain, refuse: Refuse): string {
  if (node.type === 'Comment' || node.type === 'WhiteSpace') return '';
  if (node.type !== 'Rule') {
    refuse(node, node.type === 'Atrule' ? 'An @media holds rules and nothing else.' : 'This cannot be read as CSS.');
    return '';
  }
  const selectors = selectorsOf(node, refuse);
  const declarations = childrenOf(node.block).map((inner) => declaration(inner, selectors.styled, refuse));
  return selectors.printed === null ? '' : wrapped(selectors.printed, declarations.join(''));
}

const wrapped = (head: string, body: string): string => (body === '' ? '' : `${head}{${body}}`);

interface Selectors {
  /** Null where one of them is refused: without it the rule would say something else. */
  readonly printed: string | null;
  readonly styled: readonly Styled[];
}

function selectorsOf(node: CssNodePlain & { type: 'Rule' }, refuse: Refuse): Selectors {
  if (node.prelude.type !== 'SelectorList') {
    refuse(node, 'This selector cannot be read.');
    return { printed: null, styled: [] };
  }
  const read = childrenOf(node.prelude).map((selector) => {
    const selected = readSelector(childrenOf(selector));
    if (selected.part === undefined) refuse(node, selected.fault);
    return selected;
  });
  const good = read.filter((selected) => selected.part !== undefined);
  return {
    printed: good.length === read.length ? good.map(({ printed }) => printed).join(',') : null,
    styled: good,
  };
}

/**
 * It takes its place in a layer of its own, where only what is `!important` outranks the pages' own style, which lies in
 * none: browsers that know no layers drop the whole of it and show ours.
 */
function declaration(node: CssNodePlain, styled: readonly Styled[], refuse: Refuse): string {
  if (node.type === 'Comment') return '';
  if (node.type !== 'Declaration') {
    refuse(node, 'This is no declaration: write a property, a colon, and a value.');
    return '';
  }
  const property = node.property.toLowerCase();
  const printed = styled.map((one) => printedFor(one, property, node, refuse));
  return printed.length === 0 || printed.includes(null) ? '' : `${property}:${printed[0]}!important;`;
}

/** The value as a part takes it; null where it does not. */
function printedFor(
  { part, isPassing }: Styled,
  property: string,
  node: CssNodePlain & { type: 'Declaration' },
  refuse: Refuse,
): string | null {
  const shown = property.slice(0, 40);
  const takes = parts[part]?.takes ?? {};
  const value = Object.hasOwn(takes, property) ? takes[property] : undefined;
  if (!value) {
    refuse(node, `'${shown}' cannot be set on '${part}'${advice(property)}.`);
    return null;
  }
  if (isPassing && !still.includes(property)) {
    refuse(node, `'${shown}' stays the same while one points at a part; what may change then is ${still.join(', ')}.`);
    return null;
  }
  if (node.important) {
    refuse(node, `'${shown}': leave out !important; this outranks our own style as it is.`);
    return null;
  }
  const printed = node.value.type === 'Value' ? value.print(node.value.children) : null;
  if (printed === null) refuse(node, `'${shown}' on '${part}' takes ${value.says}.`);
  return printed;
}

/** Where there is another way to what was meant. */
function advice(property: string): string {
  if (property.startsWith('--')) return '; colours, corners and typeface are chosen above';
  if (/(^|-)color$|^background/.test(property)) return '; colours are chosen above, where their contrast is measured';
  if (/-(left|right|top|bottom)$/.test(property)) return '; write -start and -end, which turn with the language';
  return '';
}

const childrenOf = (node: CssNodePlain | null): readonly CssNodePlain[] =>
  node && 'children' in node && Array.isArray(node.children) ? node.children : [];
