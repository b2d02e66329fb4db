import { figure, ratios } from '../figures.ts';
import { engineName, type Platform } from '../lab.ts';
import { alternate, cpuPerRequest, type Side } from '../rounds.ts';
import type { Part } from './part.ts';

const rounds = 5;
const warmUp = 2;
const atOnce = 32;
const durationMs = 1000;

export const readUser: Part = {
  name: 'read-user',
  title: 'GET /user_management/users/{id}, as a multiple of a bare node:http answer of the same bytes',
  async measure(lab) {
    const sides: Record<string, Side> = {};
    const engines = await lab.engines();
    for (const engine of engines) {
      const server = await lab.platform(engine);
      const users = await server.child.ask<{ id: string }[]>('fillUsers', 1000);
      const paths = users.map(({ id }) => `/user_management/users/${id}`);
      const headers = { authorization: `Bearer ${server.apiKey}` };
      sides.bare ??= await bareSide(lab, server, paths[0] ?? '', headers);
      const clients = await lab.clients({ kind: 'get', url: server.url, paths, headers });
      sides[engine] = () => cpuPerRequest(server, clients, { clients: atOnce, durationMs });
    }
    const { bare = [], ...reads } = await alternate(rounds, sides, warmUp);
    return [
      ...engines.map((engine) => figure(`read on ${engineName(engine)}`, 'x', ratios(reads[engine] ?? [], bare))),
      figure('bare node:http', 'us', bare),
      ...engines.map((engine) => figure(`processor time on ${engineName(engine)}`, 'us', reads[engine] ?? [])),
    ];
  },
};

/** The same headers and body, from a server that does nothing but send them, to clients that send the same request. */
async function bareSide(
  lab: Parameters<Part['measure']>[0],
  server: Platform,
  path: string,
  headers: Record<string, string>,
): Promise<Side> {
  const answer = await fetch(server.url + path, { headers });
  const body = await answer.text();
  // node:http writes these three itself.
  const own = ['date', 'connection', 'keep-alive'];
  const sent = Object.fromEntries([...answer.headers].filter(([name]) => !own.includes(name)));
  const bare = await lab.child('bare-http');
  const url = await bare.ask<string>('start', sent, body);
  const clients = await lab.clients({ kind: 'get', url, paths: [path], headers });
  return () => cpuPerRequest({ cpu: () => bare.ask('cpu') }, clients, { clients: atOnce, durationMs });
}
