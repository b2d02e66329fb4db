/**
 * Installs the named examples one after the other, for `npm test`: while it waits for a download, others walk. It gives
 * way to them, and says nothing: what fails here fails again, with its reason, where it is needed.
 */
import { constants, setPriority } from 'node:os';
import { prepare } from './install.ts';

setPriority(constants.priority.PRIORITY_LOW);
for (const name of process.argv.slice(2)) await prepare(name).catch(() => {});
