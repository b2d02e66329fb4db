/** What the database's processes have used, as the system counts it. Linux only: elsewhere there is no `/proc`. */
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** The unit of `/proc/PID/stat`: USER_HZ, which is 100 on every Linux that Node runs on. */
const tickMicroseconds = 10_000;

interface Stat {
  readonly parent: number;
  /** Of the process itself, in microseconds. */
  readonly own: number;
  /** Of its children that have ended, in microseconds. */
  readonly ended: number;
}

/** proc(5): the name in parentheses may hold anything, so what counts begins after the last of them. */
function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    return {
      parent: fields[1] ?? 0,
      own: (utime + stime) * tickMicroseconds,
      ended: (cutime + cstime) * tickMicroseconds,
    };
  } catch {
    return null;
  }
}

const postmasters = new Map<string, Promise<number>>();

/**
 * Processor time of a whole PostgreSQL, background processes included, in microseconds since it began.
 *
 * @throws {Error} when it runs on another machine
 */
export async function clusterCpu(url: string): Promise<number> {
  let postmaster = postmasters.get(url);
  if (!postmaster) {
    postmaster = findPostmaster(url);
    postmasters.set(url, postmaster);
  }
  const pid = await postmaster;
  const self = statOf(pid);
  if (!self) throw new Error('PostgreSQL has ended.');
  const children = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  return children.filter(({ parent }) => parent === pid).reduce((sum, { own }) => sum + own, self.own + self.ended);
}

async function findPostmaster(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = statOf(rows[0]?.pid ?? 0);
    if (!backend) throw new Error('PostgreSQL runs on another machine, where its processor time cannot be read.');
    return backend.parent;
  } finally {
    await client.end();
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
