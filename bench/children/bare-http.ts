/** `node:http` that sends the same bytes to everybody: what no answer over HTTP can cost less than. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './parent.ts';

async function start(headers: Record<string, string>, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

answerParent({ start });
