/** Every page there is, in an environment that holds next to nothing: what an owner sees on the first day. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { becomeOwner, examine, openStage, type Stage } from './stage.ts';

const source = readFileSync(new URL('../src/routes.tsx', import.meta.url), 'utf8');
const paths = [...source.matchAll(/^ {2}path: '(.+)',$/gm)].map(([, path = '']) => path);

let stage: Stage;
let page: Page;
/** What stands in the place of a path's parameters. */
const ids: Record<string, string> = {};

before(async () => {
  stage = await openStage();
  const context = await stage.newContext({ reducedMotion: 'reduce' });
  page = await context.newPage();
  await becomeOwner(page, stage.server);
  const { server } = stage;
  const { json: organization } = await server.api('POST', '/organizations', { name: 'Acme' });
  const asOwner = (path: string, data: object) =>
    context.request.post(`${server.url}${path}`, {
      data,
      headers: { 'x-authkit-environment': server.environmentId, 'sec-fetch-site': 'same-origin' },
    });
  const body = { organization_id: organization.id, name: 'Acme', connection_type: 'GenericSAML' };
  const connection = await (await asOwner('/dashboard/api/connections', body)).json();
  ids.$userId = (await server.create.user()).id;
  ids.$organizationId = organization.id;
  ids.$connectionId = connection.id;
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

it('are those of the router', () => assert.ok(paths.length >= 19, paths.join(' ')));

for (const path of paths)
  it(`${path}: nothing that axe finds in any appearance, and nothing beside the screen`, async () => {
    const address = path.replace(/\$\w+/g, (name) => ids[name] ?? assert.fail(`No value for ${name}`));
    await page.goto(`${stage.server.url}/dashboard${address}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.doesNotMatch(await page.title(), /not found/i);
    await examine(page);
  });
