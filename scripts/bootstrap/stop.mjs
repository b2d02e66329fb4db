// @ts-check
/** How these scripts speak, and how they give up. */

export const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);

/** A problem the reader can solve: printed as one line, without a stack. */
export class Stop extends Error {
  constructor(/** @type {string} */ message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Ends this process with one line where work throws a Stop. @param {() => Promise<void>} work */
export async function orStop(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    process.exit(error.exitCode);
  }
}
