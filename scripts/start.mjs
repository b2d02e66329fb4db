// @ts-check
/** `npm start`: from a clean clone to a running platform. Arguments go on to `authkit dev`. */
import { handOver, prepare } from './bootstrap.mjs';

await prepare();
await handOver('packages/cli/bin/authkit.mjs', ['dev', ...process.argv.slice(2)]);
