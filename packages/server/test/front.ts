/** What stands before several processes under one address: each request goes to the next of them, as it came. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Front extends AsyncDisposable {
  readonly url: string;
  /** Where requests go; none may come before. */
  send(targets: readonly string[]): void;
  /** How many requests each of them got. */
  readonly counts: readonly number[];
}

/**
 * @param isForFirst - paths that only the first process serves, because what they stand for is one server
 */
export async function startFront(isForFirst: (path: string) => boolean): Promise<Front> {
  let targets: readonly string[] = [];
  let turn = 0;
  const counts: number[] = [];
  const server = createServer((incoming, outgoing) => {
    const index = isForFirst(incoming.url ?? '/') ? 0 : turn++ % targets.length;
    counts[index] = (counts[index] ?? 0) + 1;
    pass(incoming, outgoing, targets[index] ?? assert.fail('a request came too early'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return {
    url: `http://localhost:${address.port}`,
    counts,
    send(given) {
      targets = given;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Byte for byte, the `Host` too. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { method, url, headers } = incoming;
  const onward = ask(new URL(url ?? '/', target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
