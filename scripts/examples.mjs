// @ts-check
/** `npm run examples`: the whole grid of examples and SDK versions. What it accepts is at the top of run-examples.ts. */
import { handOver, prepare } from './bootstrap.mjs';

await prepare();
await handOver('scripts/run-examples.ts', process.argv.slice(2));
