// @ts-check
/** `npm run check`: everything that must hold before a change is merged, from a clean clone too. */
import { handOver, prepare } from './bootstrap.mjs';

await prepare({ examples: true });
await handOver('scripts/run-checks.ts', process.argv.slice(2));
