const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const sameYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** With zone and seconds, for a tooltip. */
export function exactTime(iso: string): string {
  return exact.format(new Date(iso));
}

/** The day alone. */
export function dayOf(iso: string): string {
  return otherYear.format(new Date(iso));
}

/** As a person would say it: "now", "2 min ago", "yesterday", "in 3 days", and the date beyond a week. */
export function relativeTime(iso: string, now: number): string {
  const date = new Date(iso);
  const seconds = Math.round((date.getTime() - now) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 45) return 'now';
  if (distance < 59.5 * minute) return say(seconds / minute, 'minute');
  if (distance < 23.5 * hour) return say(seconds / hour, 'hour');
  if (distance < 7 * day) return say(seconds / day, 'day');
  return (date.getFullYear() === new Date(now).getFullYear() ? sameYear : otherYear).format(date);
}

function say(amount: number, unit: Intl.RelativeTimeFormatUnit): string {
  // English abbreviates with a full stop ("2 min. ago"), which reads like the end of a sentence in a table.
  return relative.format(Math.round(amount), unit).replace('.', '');
}

const units = [
  { unit: 'days', seconds: day },
  { unit: 'hours', seconds: hour },
  { unit: 'minutes', seconds: minute },
  { unit: 'seconds', seconds: 1 },
] as const;

export type DurationUnit = (typeof units)[number]['unit'];
export const durationUnits: readonly DurationUnit[] = ['seconds', 'minutes', 'hours', 'days'];

export function secondsOf(amount: number, unit: DurationUnit): number {
  return amount * (units.find((candidate) => candidate.unit === unit)?.seconds ?? 1);
}

/** The largest unit that says it without a fraction: 172800 is 2 days, 90 is 90 seconds. */
export function splitDuration(seconds: number): { amount: number; unit: DurationUnit } {
  const fitting = units.find((candidate) => seconds % candidate.seconds === 0);
  return fitting ? { amount: seconds / fitting.seconds, unit: fitting.unit } : { amount: seconds, unit: 'seconds' };
}

/** "7 days", "1 minute": a length of time for a sentence. */
export function durationInWords(seconds: number): string {
  const { amount, unit } = splitDuration(seconds);
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}
