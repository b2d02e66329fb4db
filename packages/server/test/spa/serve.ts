/** Single-page apps on the official browser SDKs, bundled as their developers would, each on an origin of its own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';

const source = join(import.meta.dirname, 'app');

export interface BuiltApps extends AsyncDisposable {
  readonly folder: string;
}

/** Both of them, into a folder that is thrown away. */
export async function buildApps(): Promise<BuiltApps> {
  const folder = await mkdtemp(join(tmpdir(), 'authkit-spa-'));
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      rollupOptions: { input: ['index.html', 'react.html'].map((page) => join(source, page)) },
    },
  });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export interface ServedApp extends AsyncDisposable {
  readonly origin: string;
}

/** Serves one of them under every path, with the options it hands to the SDK. */
export async function serveApp(
  { folder }: BuiltApps,
  page: 'index.html' | 'react.html',
  options: () => Record<string, unknown>,
): Promise<ServedApp> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (extname(path) === '.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(await readFile(join(folder, path)));
      return;
    }
    const html = await readFile(join(folder, page), 'utf8');
    response.setHeader('content-type', 'text/html');
    response.end(html.replace('<title>', `<script>window.config = ${JSON.stringify(options())}</script><title>`));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
