/** Side by side: each round measures every side once, so that a machine that slows down slows all of them down. */
import type { Clients, Platform } from './lab.ts';

export type Side = () => Promise<number>;

/**
 * @param sides - in the order they take turns
 * @param warmUp - rounds that come first and are thrown away: until the code they run is compiled for good
 * @returns what each side measured, round by round
 */
export async function alternate<Name extends string>(
  rounds: number,
  sides: Readonly<Record<Name, Side>>,
  warmUp = 1,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const value = await sides[name]();
      if (round >= 0) measured[name].push(value);
    }
  }
  return measured;
}

/** Processor time of one request in microseconds, the database's included. */
export async function cpuPerRequest(
  server: Pick<Platform, 'cpu'>,
  clients: Clients,
  options: { readonly clients: number; readonly durationMs: number },
): Promise<number> {
  const before = await server.cpu();
  const { requests } = await clients.run(options);
  return ((await server.cpu()) - before) / requests;
}
