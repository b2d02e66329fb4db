import { type Figure, figure, ratios } from '../figures.ts';
import { engineName } from '../lab.ts';
import { alternate, cpuPerRequest, type Side } from '../rounds.ts';
import type { Part } from './part.ts';

const rounds = 5;
const warmUp = 2;
const atOnce = 32;
const durationMs = 1500;

/** The commit that makes a refresh durable comes before its answer, so it is in the price. */
export const refresh: Part = {
  name: 'refresh',
  title: 'A refresh, as a multiple of one RS256 signature (2048 bits)',
  async measure(lab) {
    const signatures = await lab.child('signatures');
    const sides: Record<string, Side> = { signature: () => signatures.ask('signFor', durationMs / 3) };
    const engines = await lab.engines();
    for (const engine of engines) {
      const server = await lab.platform(engine);
      const { url, clientId, apiKey } = server;
      const people = await server.child.ask<{ refreshToken: string }[]>('signUp', atOnce);
      const tokens = people.map(({ refreshToken }) => refreshToken);
      const clients = await lab.clients({ kind: 'refresh', url, clientId, apiKey, tokens });
      sides[engine] = () => cpuPerRequest(server, clients, { clients: atOnce, durationMs });
    }
    const { signature = [], ...refreshes } = await alternate(rounds, sides, warmUp);
    return [
      ...engines.map((engine) => {
        const times = ratios(refreshes[engine] ?? [], signature);
        return figure(`refresh on ${engineName(engine)}`, 'x', times, { atMost: 1.3 });
      }),
      figure('one signature', 'us', signature),
      ...engines.map(
        (engine): Figure => figure(`processor time on ${engineName(engine)}`, 'us', refreshes[engine] ?? []),
      ),
    ];
  },
};
