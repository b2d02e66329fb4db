/** `npm run db:new -- add_factor_locks`: starts the next migration, numbered, with the header each one opens with. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string', default: join(root, 'packages', 'server', 'migrations') } },
});

const [name] = positionals;
if (positionals.length !== 1 || !name || !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
  process.stderr.write('Name the change in snake_case: npm run db:new -- add_factor_locks\n');
  process.exit(1);
}

mkdirSync(values.folder, { recursive: true });
const numbers = readdirSync(values.folder).flatMap((file) => /^(\d{4})_.*\.sql$/.exec(file)?.[1] ?? []);
const next = String(Math.max(0, ...numbers.map(Number)) + 1).padStart(4, '0');
const file = join(values.folder, `${next}_${name}.sql`);
writeFileSync(
  file,
  `-- ${name.replaceAll('_', ' ')}
--
-- The question this answers:
--
-- Runs on SQLite and PostgreSQL: columns are text and bigint, times are milliseconds since 1970 as bigint and end in
-- _at, booleans are 0 or 1 and begin with is_ or has_, JSON is text and ends in _json. Never edited once merged.

`,
  // Two people, or two runs, that picked the same number: the second must not overwrite the first.
  { flag: 'wx' },
);
process.stdout.write(`${relative(process.cwd(), file)}\n`);
