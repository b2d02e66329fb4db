/** What a benchmark answers with, and how it is shown. */
import { styleText } from 'node:util';
import { median } from './statistics.ts';

export interface Figure {
  readonly name: string;
  /** The median of the rounds. */
  readonly value: number;
  readonly unit: 'x' | 'us' | 'ms' | 's' | 'MB' | 'bytes' | '%' | '/s';
  /** Lowest and highest round; absent where there is one round only. */
  readonly range?: readonly [number, number];
  /** What we aim for, in the unit of the value. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** The median of the rounds and how far they lie apart. */
export function figure(name: string, unit: Figure['unit'], rounds: readonly number[], goal?: Figure['goal']): Figure {
  return {
    name,
    value: median(rounds),
    unit,
    ...(rounds.length > 1 ? { range: [Math.min(...rounds), Math.max(...rounds)] as const } : {}),
    ...(goal ? { goal } : {}),
  };
}

/** Round by round: what the machine does to both sides of one round cancels out. */
export const ratios = (above: readonly number[], below: readonly number[]): number[] =>
  above.map((value, index) => value / (below[index] ?? Number.NaN));

const decimals = (value: number, unit: Figure['unit']): number =>
  unit === 'x' ? 2 : unit === 'bytes' || value >= 100 ? 0 : value >= 10 ? 1 : 2;

const written = (value: number, unit: Figure['unit']): string => value.toFixed(decimals(value, unit));

const goalOf = ({ goal, unit }: Figure): string => {
  if (!goal) return '';
  return 'atMost' in goal ? `<= ${goal.atMost} ${unit}` : `>= ${goal.atLeast} ${unit}`;
};

/** One line per figure: what it is, its value, the range of the rounds, and what we aim for. */
export function table(title: string, figures: readonly Figure[]): string {
  const rows = figures.map((each) => [
    each.name,
    `${written(each.value, each.unit)} ${each.unit}`,
    each.range ? `${written(each.range[0], each.unit)} to ${written(each.range[1], each.unit)}` : '',
    goalOf(each),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name = '', value = '', range = '', goal = '']) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${range.padEnd(widths[2] ?? 0)}  ${goal}`.trimEnd(),
  );
  return [styleText('bold', title), ...lines, ''].join('\n');
}
