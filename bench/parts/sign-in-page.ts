import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { OpenPage } from '../children/server.ts';
import { figure } from '../figures.ts';
import { engineName } from '../lab.ts';
import { alternate, type Side } from '../rounds.ts';
import type { Part } from './part.ts';

const rounds = 3;
const durationMs = 1000;

/** Style and script are part of the page, so its bytes are all there is to load. */
export const signInPage: Part = {
  name: 'sign-in-page',
  title: 'The hosted sign-in page, one visitor at a time',
  async measure(lab) {
    const sides: Record<string, Side> = {};
    const engines = await lab.engines();
    let page = 0;
    let compressed = 0;
    for (const engine of engines) {
      const server = await lab.platform(engine);
      const { path, cookie } = await server.child.ask<OpenPage>('openSignIn');
      const headers = { cookie, accept: 'text/html', host: new URL(server.pagesUrl).host };
      page = await bytesOf(server.pagesUrl + path, cookie, 'identity');
      compressed = await bytesOf(server.pagesUrl + path, cookie, 'br');
      const clients = await lab.clients({ kind: 'get', url: server.url, paths: [path], headers });
      sides[engine] = async () => (await clients.run({ clients: 1, durationMs })).p50;
    }
    const times = await alternate(rounds, sides);
    return [
      ...engines.map((engine) =>
        figure(`request to last byte on ${engineName(engine)}`, 'ms', times[engine] ?? [], { atMost: 5 }),
      ),
      figure('the page', 'bytes', [page]),
      figure('the page as it travels (br)', 'bytes', [compressed], { atMost: 20 * 1024 }),
    ];
  },
};

/** What comes over the wire after the headers. */
async function bytesOf(url: string, cookie: string, encoding: string): Promise<number> {
  const request = get(url, { headers: { cookie, 'accept-encoding': encoding } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return (await buffer(response)).length;
}
