// @ts-check
/** `npm test`: from a clean clone to every test. What it accepts is at the top of run-tests.ts. */
import { handOver, prepare } from './bootstrap.mjs';

await prepare({ examples: true });
await handOver('scripts/run-tests.ts', process.argv.slice(2));
