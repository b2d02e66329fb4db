import { ApiError, type CookieToSet } from '../core/index.ts';
import type { Say } from './say.ts';
import { translator } from './translator.ts';

/** What a developer needs to see of a dead end; staging environments show it. English, like the dashboard it leads to. */
export interface DeveloperNote {
  readonly title: string;
  /** `{ label: 'Presented', value: 'http://…' }`; values are shown as code. */
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  /** Where it can be put right, in the dashboard. */
  readonly fix?: { readonly label: string; readonly href: string } | null;
}

export interface DeadEnd {
  /** What happened, in a few words. */
  readonly heading: Say;
  /** What happened, in a sentence. */
  readonly message: Say;
  /** What to do. */
  readonly advice?: Say;
  /** The way on: a path of ours, or an address the app registered; never one that came with the request. */
  readonly restart?: { readonly label: Say; readonly url: string } | null;
  readonly developer?: DeveloperNote | null;
  /** Whose application it is about, where one is known: the page then wears its name. */
  readonly clientId?: string | null;
  readonly cookies?: readonly CookieToSet[];
}

/** A dead end that people see: it never leaves them without a next step. The log reads it in English. */
export class PageError extends ApiError {
  static override readonly status: number = 400;
  readonly deadEnd: DeadEnd;

  constructor(deadEnd: DeadEnd) {
    super(translator('en').say(deadEnd.message), {}, { cookies: deadEnd.cookies ?? [] });
    this.deadEnd = deadEnd;
  }
}
