/** Where time comes from. Everything that reads or writes a time asks here, so that a test can move it. */
export interface Clock {
  now(): Date;
}

/** Real time plus an offset: it keeps running after it was moved. */
export class MovableClock implements Clock {
  /** How far it is from real time; 0 is real time. */
  offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  get offsetSeconds(): number {
    return Math.round(this.offsetMs / 1000);
  }

  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }

  moveTo(time: Date): void {
    this.offsetMs = time.getTime() - Date.now();
  }

  reset(): void {
    this.offsetMs = 0;
  }
}

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/** `at` plus so many milliseconds. Write `after(now(), minutes(10))`. */
export const after = (at: Date, ms: number): Date => new Date(at.getTime() + ms);
