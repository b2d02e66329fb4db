import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type AllowOrigin, addEarlyCorsHeaders, devKey, type Route, reply, route } from '../core/index.ts';

/** More would be forgotten ones, which fail a test that has nothing to do with them. */
const mostOrders = 100;

const order = z.object({
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .nullish()
    .describe('Any when not given, and never the question of a browser before a request of another origin.'),
  path: z.string().startsWith('/').describe('Without query. A `*` at its end stands for the rest.'),
  status: z.number().int().min(400).max(599),
  times: z.number().int().min(1).max(1000).default(1).describe('How many requests are answered so.'),
  body: z.unknown().optional().describe('A message that says who ordered it when not given.'),
  headers: z.record(z.string(), z.string()).default({}).describe('`Retry-After`, for one.'),
});

type Order = z.output<typeof order>;

/** Answers that a test ordered to fail, to see what its app makes of an outage. They are kept in memory. */
export interface Failures {
  add(order: Order): void;
  clear(): void;
  /** The failure that is due for a request, which is one fewer then. */
  take(method: string, path: string): Order | null;
}

export function createFailures(): Failures {
  let orders: { readonly order: Order; left: number }[] = [];
  return {
    add(wanted) {
      orders = [...orders, { order: wanted, left: wanted.times }].slice(-mostOrders);
    },
    clear() {
      orders = [];
    },
    take(method, path) {
      const due = orders.find(({ order }) => isAbout(order, method, path));
      if (!due) return null;
      due.left -= 1;
      orders = orders.filter(({ left }) => left > 0);
      return due.order;
    },
  };
}

function isAbout(wanted: Order, method: string, path: string): boolean {
  if (wanted.method && wanted.method !== method) return false;
  // A preflight that fails keeps the browser from sending the request that was meant.
  if (!wanted.method && method === 'OPTIONS') return false;
  return wanted.path.endsWith('*') ? path.startsWith(wanted.path.slice(0, -1)) : path === wanted.path;
}

/**
 * Before anything is looked at, as from a proxy whose server is away. The controls themselves never fail. A script of an
 * origin that any environment lists may read the failure, as it may read the answer.
 */
export function failAsOrdered(app: FastifyInstance, failures: Failures, allowOrigin: AllowOrigin): void {
  app.addHook('onRequest', async (request, response) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (path.startsWith('/dev/')) return;
    const due = failures.take(request.method, path);
    if (!due) return;
    await addEarlyCorsHeaders(allowOrigin, request, response);
    const message = `A test ordered ${request.method} ${path} to be answered ${due.status}.`;
    return response
      .code(due.status)
      .headers(due.headers)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(due.body ?? { message }));
  });
}

const internal = { auth: devKey(), errors: [], internal: true } as const;

export const failureRoutes = (failures: Failures): readonly Route[] => [
  route(
    {
      ...internal,
      operationId: 'orderFailure',
      method: 'POST',
      path: '/dev/failures',
      summary: 'Answer the next requests like these with an error',
      body: order,
      returns: { status: 204 },
    },
    async ({ body }) => {
      failures.add(body);
      return reply.empty({ status: 204 });
    },
  ),

  route(
    {
      ...internal,
      operationId: 'clearFailures',
      method: 'DELETE',
      path: '/dev/failures',
      summary: 'Answer everything as it should be again',
      returns: { status: 204 },
    },
    async () => {
      failures.clear();
      return reply.empty({ status: 204 });
    },
  ),
];
