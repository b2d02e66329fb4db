/** Mail servers for tests, reached over TCP like anybody's: one that takes mail, and others that do not. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | null;
  readonly source: string;
}

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** Who may log in; null: nobody has to. Changed while it runs. */
  login: { readonly user: string; readonly password: string } | null;
  /** What it says of an address at `RCPT TO` instead of taking it: `550 5.1.1 No such user`. */
  readonly refused: Map<string, string>;
  /** What it says of every sender at `MAIL FROM`. */
  refusesSender: string | null;
}

/** An error as the server puts it on the wire: code first, then the words. */
const reply = (line: string): Error =>
  Object.assign(new Error(line.slice(4)), { responseCode: Number(line.slice(0, 3)) });

/** @param secure - TLS from the first byte, with a certificate that nobody trusts */
export async function startMailServer({ secure = false } = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const refused = new Map<string, string>();
  const server = new SMTPServer({
    secure,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: secure ? [] : ['STARTTLS'],
    onAuth({ username, password }, _session, done) {
      const isRight = username === mailServer.login?.user && password === mailServer.login?.password;
      if (isRight) done(null, { user: username });
      else done(reply('535 5.7.8 Authentication credentials invalid'));
    },
    onMailFrom(_address, session, done) {
      if (mailServer.login && !session.user) return done(reply('530 5.7.0 Authentication required'));
      return mailServer.refusesSender === null ? done() : done(reply(mailServer.refusesSender));
    },
    onRcptTo({ address }, _session, done) {
      const line = refused.get(address);
      return line === undefined ? done() : done(reply(line));
    },
    onData(stream, { envelope, user }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          user: typeof user === 'string' ? user : null,
          source: Buffer.concat(chunks).toString(),
        });
        done(null, 'queued as 4711');
      });
    },
  });
  // Clients that do not trust its certificate leave in the middle of the handshake.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const mailServer: MailServer = {
    port: (server.server.address() as AddressInfo).port,
    received,
    login: null,
    refused,
    refusesSender: null,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  return mailServer;
}

/** Greets, and hangs up as soon as somebody speaks. */
export async function startRudeServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.write('220 rude.example ESMTP\r\n');
    socket.once('data', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
