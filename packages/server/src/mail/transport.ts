/** One mail, written and ready to go. */
export interface Mail {
  /** Stays the same when a delivery is tried again, so that a receiver can tell a repeat. */
  readonly id: string;
  /** Exactly one address, without a name: names are what people typed, and headers take nothing of that. */
  readonly to: string;
  /** The application’s name on one line: who it is from, where nobody chose another name. */
  readonly app: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly queuedAt: Date;
  /** Order of queueing, in milliseconds of real time: the clock of a development server may run backwards. */
  readonly sequence: number;
}

/** Takes a mail away, or throws; then it is tried again later. */
export type MailTransport<Answer = void> = (mail: Mail) => Promise<Answer>;
