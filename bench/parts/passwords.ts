import { figure, ratios } from '../figures.ts';
import type { Lab, Platform } from '../lab.ts';
import { alternate } from '../rounds.ts';
import type { Part } from './part.ts';

const rounds = 3;
const durationMs = 2000;
/** Each may try ten times a minute, as anybody may. */
const people = 120;
/** More than hashes can be computed for at once, so that the hash is what everybody waits for. */
const atOnce = 8;
/** One reader who asks two hundred times a second. */
const everyMs = 5;

export const passwords: Part = {
  name: 'passwords',
  title: 'Signing in with a password, every page of it, and what it does to others',
  async measure(lab) {
    const server = await lab.platform('sqlite');
    const hashes = await lab.child('hashes');
    const { child, pagesUrl, clientId, apiKey } = server;
    const { callback, ...known } = await child.ask<{ emails: string[]; password: string; callback: string }>(
      'addPeople',
      people,
    );
    const query = new URLSearchParams({
      response_type: 'code',
      provider: 'authkit',
      client_id: clientId,
      redirect_uri: callback,
    });
    const authorizePath = `/user_management/authorize?${query}`;
    const signIns = await lab.clients({ kind: 'sign-in', url: pagesUrl, authorizePath, callback, ...known });
    const reads = await reader(lab, server, apiKey);
    const waits = { idle: [] as number[], hashing: [] as number[] };
    const rates = await alternate(rounds, {
      hashes: () => hashes.ask('checkFor', durationMs),
      signIns: async () => {
        waits.idle.push((await reads.run({ clients: 1, durationMs, everyMs })).p99);
        const both = [signIns.run({ clients: atOnce, durationMs }), reads.run({ clients: 1, durationMs, everyMs })];
        const [signedIn, read] = await Promise.all(both);
        waits.hashing.push(read?.p99 ?? Number.NaN);
        return (signedIn?.requests ?? 0) / (signedIn?.seconds ?? Number.NaN);
      },
    });
    const share = ratios(rates.signIns, rates.hashes).map((ratio) => ratio * 100);
    return [
      figure('sign-ins, of what the hash alone allows', '%', share, { atLeast: 90 }),
      figure('the hash alone', '/s', rates.hashes),
      figure('complete sign-ins', '/s', rates.signIns),
      figure('p99 of reading a user meanwhile, over p99 when idle', 'x', ratios(waits.hashing, waits.idle).slice(1), {
        atMost: 2,
      }),
      figure('p99 of reading a user when idle', 'ms', waits.idle.slice(1)),
      figure('p99 of reading a user meanwhile', 'ms', waits.hashing.slice(1)),
    ];
  },
};

async function reader(lab: Lab, { child, url }: Platform, apiKey: string) {
  const sample = await child.ask<{ id: string }[]>('fillUsers', 1000);
  const paths = sample.map(({ id }) => `/user_management/users/${id}`);
  return lab.clients({ kind: 'get', url, paths, headers: { authorization: `Bearer ${apiKey}` } });
}
