/**
 * What of a page may be styled, and how: the names that stay the same from release to release (docs/branding.md lists
 * them, and a test compares). What must be seen as we drew it has no name here: the strip of a staging environment, what
 * went wrong, what somebody consents to, and to which address.
 *
 * Every bound keeps a promise whatever stands beside it: no text below 12 px, nothing a finger cannot hit, no edge of a
 * field that disappears, nothing that moves over or out of sight. So there is no position, no transform, no negative
 * margin, no height that ends, no opacity, and of colours only the edges, in tokens that stand out.
 */
import { either, ems, length, number, tokens, type Value, words, zero } from './values.ts';

export type Properties = Readonly<Record<string, Value>>;

const space = length(0, 96);
const margins: Properties = {
  'margin-block': length(0, 96, 2),
  'margin-block-start': space,
  'margin-block-end': space,
};
const paddings: Properties = {
  'padding-block': length(0, 96, 2),
  'padding-block-start': space,
  'padding-block-end': space,
  'padding-inline': length(8, 48),
};
const gap: Properties = { gap: length(0, 48) };
const middle: Properties = { 'margin-inline': either(words('auto'), zero) };
const corners: Properties = { 'border-radius': either(length(0, 999), tokens('radius')) };
const shadow: Properties = { 'box-shadow': either(words('none'), tokens('shadow')) };
const hiding: Properties = { display: words('none') };

/** Around what is no control: it may as well not be there. */
const frame: Properties = {
  'border-width': length(0, 8),
  'border-style': words('solid', 'dashed', 'dotted', 'double'),
  'border-color': tokens('line', 'control', 'text', 'brand', 'link'),
};
/** By which a control is seen: it stays, and has three to one (WCAG 2.2, 1.4.11). */
const edge: Properties = {
  'border-width': length(1, 4),
  'border-style': words('solid', 'dashed', 'double'),
  'border-color': tokens('control', 'text', 'link'),
};

const lettering: Properties = {
  'font-family': tokens('font', 'mono'),
  'font-weight': either(number(300, 900), words('normal', 'bold')),
  'font-style': words('normal', 'italic'),
  'letter-spacing': either(words('normal'), ems(-0.05, 0.2)),
  'line-height': number(1.2, 2),
};
const aligned: Properties = { 'text-align': words('start', 'center', 'end') };
const text: Properties = { ...lettering, ...aligned, 'font-size': length(12, 24) };
const cased: Properties = { 'text-transform': words('none', 'uppercase', 'capitalize') };
const links: Properties = { 'text-decoration': words('none', 'underline') };
const ends = words('flex-start', 'center', 'flex-end');

export interface Part {
  /** For whoever styles it: which one it is. */
  readonly about: string;
  readonly takes: Properties;
}

/** By the selector an operator writes, which is the one that is printed. */
export const parts: Readonly<Record<string, Part>> = {
  main: {
    about: 'what the card stands on',
    takes: { ...paddings, ...gap, 'justify-content': ends, 'align-items': ends },
  },
  '.settings': { about: '`main` of the account’s own pages', takes: {} },
  '.card': {
    about: 'the card',
    // No size of letters: what is typed into fields takes its own from here, and stays at 16 px.
    takes: { ...lettering, ...aligned, ...paddings, ...frame, ...corners, ...shadow, 'max-width': length(320, 960) },
  },
  '.logo': {
    about: 'the logo',
    takes: { ...margins, ...middle, ...corners, ...hiding, 'max-height': length(16, 120) },
  },
  '.mark': {
    about: 'the first letter, where there is no logo',
    takes: { ...margins, ...middle, ...corners, ...shadow, ...hiding },
  },
  h1: {
    about: 'the title',
    takes: { ...text, ...margins, ...cased, 'font-size': length(16, 48), 'text-wrap': words('balance', 'wrap') },
  },
  '.context': { about: 'the lines below the title', takes: { ...text, ...margins } },
  '.content': { about: 'all that follows them on the card', takes: margins },
  '.field': { about: 'a field with its label', takes: margins },
  label: { about: 'the label of a field', takes: { ...lettering, ...cased, 'font-size': length(12, 24) } },
  '.box': { about: 'the edge around what is typed', takes: { ...edge, ...corners, ...shadow } },
  '.button': {
    about: 'every large button',
    takes: {
      ...lettering,
      ...cased,
      ...margins,
      ...corners,
      ...shadow,
      'border-width': length(1, 4),
      'font-size': length(14, 24),
      'min-height': length(44, 96),
      'padding-inline': length(8, 48),
    },
  },
  '.secondary': { about: 'a large button that is not the first choice', takes: edge },
  '.text-button': {
    about: 'a button that looks like a link',
    takes: { ...lettering, ...links, 'font-size': length(12, 24) },
  },
  '.or': {
    about: 'the line between two ways to go on',
    takes: { ...lettering, ...cased, ...margins, 'font-size': length(12, 24) },
  },
  '.ways': { about: 'further ways to sign in', takes: gap },
  '.socials': { about: 'the buttons of social providers', takes: gap },
  '.rows': { about: 'a list to choose from', takes: gap },
  '.row': {
    about: 'an entry of it',
    takes: { ...edge, ...corners, ...shadow, ...lettering, 'font-size': length(14, 24) },
  },
  '.tile': { about: 'the letters at the start of an entry', takes: { ...corners, ...hiding } },
  '.badge': {
    about: 'a word beside a name, as “Last used”',
    takes: { ...lettering, ...cased, ...corners, 'font-size': length(12, 16) },
  },
  '.more': { about: 'a line below the form, as the way to sign up', takes: { ...text, ...margins } },
  '.agree': { about: 'terms and privacy policy at a sign-up', takes: { ...text, ...margins } },
  '.group': { about: 'a group of the account page', takes: { ...margins, 'padding-block-start': space } },
  footer: {
    about: 'the line at the foot of the page',
    takes: {
      ...lettering,
      ...gap,
      'font-size': length(12, 24),
      'justify-content': ends,
      'padding-block': length(0, 96, 2),
    },
  },
  '.by': { about: '“Secured by” in it', takes: hiding },
};

/**
 * What may change under a pointer: nothing that moves. Else the button one is about to press could make room for another,
 * between seeing and pressing.
 */
export const still: readonly string[] = [
  'border-color',
  'border-style',
  'border-radius',
  'box-shadow',
  'text-decoration',
];

/** Parts of a page that look as we drew them, whatever a look says: people rely on what stands there. */
export const untouchable: readonly string[] = [
  '.strip',
  '.message',
  '.note',
  '.facts',
  '.trace',
  '.developer',
  '.hint',
];
