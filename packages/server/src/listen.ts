import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Closing } from './closing.ts';
import { StartError } from './start-error.ts';

/** Requests under way get so long to finish. */
const drainMs = 30_000;
/** While they finish, connections that have become idle are looked for so often. */
const idleLookMs = 50;

export interface Address {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
}

/**
 * Opens the door, and at the end lets those inside finish.
 *
 * @returns the port it really is
 * @throws {StartError} when it cannot be had
 */
export async function listen(app: FastifyInstance, { port, host }: Address, closing: Closing): Promise<number> {
  const alsoListening: Server[] = [];
  const connections = openConnections(app);
  closing.push(() => drain(app, alsoListening, connections));
  try {
    await app.listen({ port, host });
  } catch (error) {
    throw new StartError(listenFailure(error, port, host));
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  if (host === '127.0.0.1') alsoListening.push(...(await alsoOnIpv6(app, actual)));
  return actual;
}

function listenFailure(error: unknown, port: number, host: string): string {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what uses it, or choose another with --port (0 takes a free one).`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one above 1023 with --port.`;
  return `Cannot listen on ${host}:${port} (${code ?? String(error)}). Check --host and --port.`;
}

/** `localhost` means ::1 to some clients and 127.0.0.1 to others; where ::1 cannot be had, the one has to do. */
async function alsoOnIpv6(app: FastifyInstance, port: number): Promise<readonly Server[]> {
  // As an HTTP server makes its own sockets.
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit('connection', socket);
  });
  return new Promise((resolve) => {
    second.once('error', () => resolve([]));
    second.listen({ port, host: '::1' }, () => resolve([second]));
  });
}

function openConnections(app: FastifyInstance): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/** New connections are refused and idle ones closed at once; what is being answered gets its time. */
async function drain(
  app: FastifyInstance,
  alsoListening: readonly Server[],
  connections: ReadonlySet<Socket>,
): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), drainMs);
  // An answer whose head was sent before this began has promised to keep its connection, and Node keeps that promise.
  const idle = setInterval(() => app.server.closeIdleConnections(), idleLookMs);
  const others = alsoListening.map((server) => new Promise((resolve) => server.close(resolve)));
  // A browser connects ahead of its next request, and to Node a connection that has said nothing yet is a busy one.
  for (const connection of connections) if (connection.bytesRead === 0) connection.destroy();
  await app.close();
  await Promise.all(others);
  clearInterval(idle);
  clearTimeout(timer);
}

/** Browsers, cookies and passkeys need one name for this machine. */
export const publicHost = (host: string): string => {
  if (['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(host)) return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
};
