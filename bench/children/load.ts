/** Clients, as many as asked for. Each waits for its answer before it asks again. */
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestBrowser } from '../../packages/server/test/harness.ts';
import { percentile } from '../statistics.ts';
import { answerParent } from './parent.ts';

/** What the clients ask for. */
export type Load =
  | { readonly kind: 'get'; readonly url: string; readonly paths: readonly string[]; readonly headers: Headers }
  | {
      readonly kind: 'refresh';
      readonly url: string;
      readonly clientId: string;
      readonly apiKey: string;
      /** One per client: each goes on with the token it was given last. */
      readonly tokens: string[];
    }
  | {
      readonly kind: 'sign-in';
      readonly url: string;
      readonly authorizePath: string;
      readonly emails: readonly string[];
      readonly password: string;
      readonly callback: string;
    };

type Headers = Readonly<Record<string, string>>;

export interface RunOptions {
  readonly clients: number;
  readonly durationMs: number;
  /** From one request to the next; without it a client asks again as soon as it is answered. */
  readonly everyMs?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** In milliseconds, from the first byte sent to the last one received. */
  readonly p50: number;
  readonly p99: number;
}

type Step = (client: number) => Promise<void>;

let step: Step;

function prepare(load: Load): void {
  switch (load.kind) {
    case 'get':
      step = getting(load);
      break;
    case 'refresh':
      step = refreshing(load);
      break;
    case 'sign-in':
      step = signingIn(load);
  }
}

async function run({ clients, durationMs, everyMs }: RunOptions): Promise<LoadResult> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + durationMs;
  const one = async (client: number): Promise<void> => {
    while (performance.now() < end) {
      const asked = performance.now();
      await step(client);
      times.push(performance.now() - asked);
      if (everyMs !== undefined) await sleep(Math.max(0, asked + everyMs - performance.now()));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => one(client)));
  const seconds = (performance.now() - start) / 1000;
  return { requests: times.length, seconds, p50: percentile(times, 50), p99: percentile(times, 99) };
}

function getting({ url, paths, headers }: Extract<Load, { kind: 'get' }>): Step {
  const call = caller(url);
  let next = 0;
  return async () => {
    const path = paths[next++ % paths.length] ?? '/';
    const { status, text } = await call('GET', path, headers);
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${text}`);
  };
}

function refreshing({ url, clientId, apiKey, tokens }: Extract<Load, { kind: 'refresh' }>): Step {
  const call = caller(url);
  const headers = { 'content-type': 'application/json' };
  return async (client) => {
    const body = JSON.stringify({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: apiKey,
      refresh_token: tokens[client],
    });
    const { status, text } = await call('POST', '/user_management/authenticate', headers, body);
    if (status !== 200) throw new Error(`A refresh was answered ${status}: ${text}`);
    tokens[client] = (JSON.parse(text) as { refresh_token: string }).refresh_token;
  };
}

/** Every page of a sign-in with a password, from the app's link to the code at its callback. */
function signingIn({ url, authorizePath, emails, password, callback }: Extract<Load, { kind: 'sign-in' }>): Step {
  let next = 0;
  return async () => {
    const browser = new TestBrowser(url);
    await browser.open(authorizePath);
    await browser.submit({ email: emails[next++ % emails.length] ?? '' });
    const { location } = await browser.submit({ password });
    if (!location?.href.startsWith(callback)) throw new Error(`A sign-in ended at ${browser.path}: ${browser.text}`);
  };
}

/** Bare `node:http` on connections that stay open: what the clients cost must not hide what the server costs. */
function caller(url: string) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return (method: string, path: string, headers: Headers, body?: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const length: Headers = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = { hostname, port, method, path, agent, headers: { ...headers, ...length } };
      const call = send(options, (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      });
      call.on('error', reject);
      call.end(body);
    });
}

answerParent({ prepare, run });
