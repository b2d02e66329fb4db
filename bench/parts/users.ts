import { type Figure, figure, ratios } from '../figures.ts';
import { type Clients, type Engine, engineName, type Lab } from '../lab.ts';
import { alternate } from '../rounds.ts';
import type { Part } from './part.ts';

const few = 1000;
const many = 100_000;
const rounds = 4;
const durationMs = 300;

type Question = 'list' | 'page' | 'email' | 'id';

const questions: Readonly<Record<Question, string>> = {
  list: 'the newest ten',
  page: 'ten from anywhere in the list',
  email: 'by e-mail address',
  id: 'by id',
};

/** One client, so that what is measured is the work and not the queue for it. */
export const users: Part = {
  name: 'users',
  title: `Finding users among ${many} as a multiple of finding them among ${few}: the slowest answer of a hundred (p99)`,
  async measure(lab) {
    const figures: Figure[] = [];
    for (const engine of await lab.engines()) figures.push(...(await compare(lab, engine)));
    return figures;
  },
};

async function compare(lab: Lab, engine: Engine): Promise<Figure[]> {
  const [small, large] = [await directory(lab, engine, few), await directory(lab, engine, many)];
  const figures: Figure[] = [];
  for (const [question, name] of Object.entries(questions) as [Question, string][]) {
    const p99 = (clients: Clients) => async () => (await clients.run({ clients: 1, durationMs })).p99;
    const times = await alternate(rounds, { small: p99(small[question]), large: p99(large[question]) });
    figures.push(figure(`${name} on ${engineName(engine)}`, 'x', ratios(times.large, times.small), { atMost: 1.3 }));
  }
  return figures;
}

async function directory(lab: Lab, engine: Engine, count: number): Promise<Record<Question, Clients>> {
  const { url, apiKey, child } = await lab.platform(engine);
  const sample = await child.ask<{ id: string; email: string }[]>('fillUsers', count);
  const headers = { authorization: `Bearer ${apiKey}` };
  const asking = (path: (user: { id: string; email: string }) => string): Promise<Clients> =>
    lab.clients({ kind: 'get', url, headers, paths: sample.map((user) => `/user_management/users${path(user)}`) });
  return {
    list: await asking(() => ''),
    page: await asking(({ id }) => `?after=${id}`),
    email: await asking(({ email }) => `?email=${encodeURIComponent(email)}`),
    id: await asking(({ id }) => `/${id}`),
  };
}
