/**
 * `npm run bench`: measures the platform on this machine and prints what came of it.
 *
 *   npm run bench                       everything, in less than three minutes
 *   npm run bench -- refresh start      some of it
 *   npm run --silent bench -- --json    one line of JSON on stdout
 *
 * Nothing here fails because something was slow: figures are read, with docs/performance.md beside them.
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, table } from './figures.ts';
import { Lab } from './lab.ts';
import { type Part, parts } from './parts/index.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });

const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform}, Node ${process.versions.node}`;
const chosen = choose(positionals);
warnOfCompany();
const measured: Record<string, readonly Figure[]> = {};
if (!values.json) process.stdout.write(`${machine}\n\n`);
for (const part of chosen) {
  process.stderr.write(`Measuring ${part.name}\n`);
  await using lab = new Lab();
  measured[part.name] = await part.measure(lab);
  if (!values.json) process.stdout.write(`${table(`${part.name}: ${part.title}`, measured[part.name] ?? [])}\n`);
}
if (values.json) process.stdout.write(`${JSON.stringify({ date: new Date().toISOString(), machine, measured })}\n`);

/** Whoever else works here takes processor time and caches away, and every figure of ours with many parts grows. */
function warnOfCompany(): void {
  const [busy = 0] = loadavg();
  if (busy < cpus().length / 4) return;
  process.stderr.write(
    `This machine is busy with something else (load ${busy.toFixed(1)} on ${cpus().length} cores): expect higher figures than it can do.\n`,
  );
}

function choose(names: readonly string[]): readonly Part[] {
  const unknown = names.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) {
    process.stderr.write(
      `There is no benchmark '${unknown}'. There are: ${parts.map(({ name }) => name).join(', ')}.\n`,
    );
    process.exit(64);
  }
  return names.length === 0 ? parts : parts.filter((part) => names.includes(part.name));
}
