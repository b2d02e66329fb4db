// @ts-check
/** `npm run bench`: from a clean clone to every figure. What it accepts is at the top of run.ts. */
import { handOver, prepare } from '../scripts/bootstrap.mjs';

await prepare();
await handOver('bench/run.ts', process.argv.slice(2));
