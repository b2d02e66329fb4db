/** The other end of `lab.ts`: a child process that does as it is asked and says what came of it. */

/** What a child can be asked for, by name. */
export type Tasks = Readonly<Record<string, (...args: never[]) => unknown>>;

interface Question {
  readonly id: number;
  readonly task: string;
  readonly args: readonly unknown[];
}

/**
 * Answers the parent's questions; each child knows its own `cpu`.
 *
 * @param end - what there is to put away once the parent has no more questions, or is no more
 */
export function answerParent(tasks: Tasks, end: () => Promise<void> = async () => {}): void {
  const all: Tasks = { cpu: () => cpuMicroseconds(), ...tasks };
  process.on('message', async ({ id, task, args }: Question) => {
    try {
      process.send?.({ id, value: await all[task]?.(...(args as never[])) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.once('disconnect', () => void end().finally(() => process.exit(0)));
  process.send?.({ ready: true });
}

/** User and system time of this process and its threads since it began, in microseconds. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
