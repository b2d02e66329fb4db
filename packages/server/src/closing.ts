/** Steps that undo what a start did, in the order it was done. */
export type Closing = (() => Promise<void> | void)[];

/** Undoes it, the newest step first. One that fails must not keep the others from happening: the last is a lock's. */
export async function closeAll(closing: Closing): Promise<void> {
  const failures: unknown[] = [];
  for (const step of closing.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
