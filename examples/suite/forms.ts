/** The app's forms as an attacker can send them from elsewhere. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import type { Stage } from './stage.ts';
import type { Visitor } from './visitor.ts';

export interface Form {
  /** Absolute. */
  readonly action: string;
  readonly encoding: string;
  readonly fields: readonly (readonly [string, string])[];
}

/** All of the form around a button but the token made for somebody else. Where a script sends it, only the address. */
export async function formOf(
  { app, example }: Stage,
  { page }: Visitor,
  button: Locator,
  scripted: string,
): Promise<Form> {
  await button.waitFor(); // A page that a script draws has none at first.
  const form = button.locator('xpath=ancestor::form');
  if ((await form.count()) === 0) return { action: app.url + scripted, encoding: '', fields: [] };
  const inputs = await form.locator('input, select').all();
  const fields = await Promise.all(
    inputs.map(async (input) => [(await input.getAttribute('name')) ?? '', await input.inputValue()] as const),
  );
  return {
    encoding: (await form.getAttribute('enctype')) ?? '',
    action: new URL((await form.getAttribute('action')) ?? '', page.url()).href,
    fields: fields.filter(([name]) => name !== '' && name !== example.csrf?.field),
  };
}

/** Another port is another origin of the same site, so the browser sends cookies along; another name is another site. */
export const elsewhere = ['localhost', '127.0.0.1'];

export type Elsewhere = AsyncDisposable & { readonly url: string };

/** A page elsewhere that sends the form as soon as it is opened. */
export const serveForm = ({ action, encoding, fields }: Form, host: string): Promise<Elsewhere> => {
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const form = `<form method="post" action="${escaped(action)}" enctype="${escaped(encoding)}">${inputs.join('')}</form>`;
  return servePage(`<!doctype html>${form}<script>document.forms[0].submit()</script>`, host);
};

const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** One page at any address of that host, on a port of its own. */
export async function servePage(html: string, host: string): Promise<Elsewhere> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
