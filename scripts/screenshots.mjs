// @ts-check
/** `npm run screenshots`: pictures of the pages, to look at. What it accepts is at the top of screenshots.ts. */
import { handOver, prepare } from './bootstrap.mjs';

await prepare();
await handOver('scripts/screenshots.ts', process.argv.slice(2));
